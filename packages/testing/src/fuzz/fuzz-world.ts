import { type ApiCaller, createObjects, objectOf } from '../api-objects.ts';
import { unique } from '../builders.ts';
import type { LikelyValues } from './fitting-value.ts';

/** A running api, and a key of an admin of its. */
export interface FuzzTarget {
  url: string;
  adminKey: string;
}

/** What requests may be about: objects of the account whose keys they show, and of another one. */
export interface FuzzWorld {
  /** By their scopes, `admin` first. */
  keys: readonly string[];
  own: ReadonlyMap<string, string>;
  foreign: ReadonlyMap<string, string>;
  likely: LikelyValues;
}

interface LikelyObjects {
  accountId: string;
  functionId: string;
  objects: ReadonlyMap<string, string>;
}

/** Where nobody listens, so that a test of a function ends at once. */
const NOBODY = 'http://127.0.0.1:9/';

/** Makes accounts and objects of their own for a round. */
export async function prepareWorld({ url, adminKey }: FuzzTarget): Promise<FuzzWorld> {
  const admin = callerOf(url, adminKey);
  const tenant = async () => {
    const accountId = unique('fuzz');
    await admin.post('/accounts', { id: accountId, name: accountId });
    const keys = await Promise.all(
      ['admin', 'write', 'read'].map(async (scope) => {
        const { body } = await admin.post(`/accounts/${accountId}/api-keys`, {
          name: scope,
          scopes: [scope],
        });
        return String(body['key']);
      }),
    );
    const owner = callerOf(url, keys[0] ?? '');
    const objects = await createObjects({ accountId, owner, admin }, unique('object'));
    // Not among the objects, so that no request deletes it: new jobs need one.
    const fn = await owner.post('/functions', { name: 'of new jobs', url: NOBODY });
    return { accountId, keys, objects, functionId: String(fn.body['id']) };
  };
  const [own, other] = [await tenant(), await tenant()];
  return { keys: own.keys, own: own.objects, foreign: other.objects, likely: likelyValues(own) };
}

/** The id at the end of an object's path. */
function idIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What the parameters of an operation's path may be, in their order, taken from objects that exist. */
export function idsFor(template: string, objects: ReadonlyMap<string, string>): string[] {
  const known = objectOf(template, objects.keys());
  const path = known === undefined ? '' : (objects.get(known) ?? '');
  const values = path.split('/');
  return template.split('/').flatMap((step, at) => (step.startsWith('{') ? (values[at] ?? '') : []));
}

function likelyValues({ accountId, functionId, objects }: LikelyObjects): LikelyValues {
  const instants = ['2026-01-01T00:00:00Z', '2026-12-31T23:59:59.999+14:00', '2031-01-01T00:00:00Z'];
  return {
    account_id: [accountId],
    function_id: [functionId],
    cursor: [...objects.values()].map(idIn),
    id: Array.from({ length: 40 }, () => unique('id')),
    name: Array.from({ length: 400 }, () => unique('name')),
    url: [NOBODY, 'http://127.0.0.1:9/a?b=c#d', 'http://[::1]:9/', 'http://0x7f000001:9/'],
    headers: [{}, { Authorization: 'Bearer x' }],
    schedule: ['@hourly', '*/5 * * * *', '0 9 L * MON#2', '@every 1h30m', '@at 2031-01-01T00:00:00Z'],
    timezone: ['UTC', 'America/New_York', 'Asia/Kathmandu', 'Africa/Casablanca'],
    from: instants,
    to: instants,
    start_at: [...instants, null],
    end_at: [...instants, null],
    expires_at: ['2031-01-01T00:00:00Z', null],
    scopes: [['read'], ['read', 'write'], ['admin']],
    types: [['job.*'], ['execution.failed']],
    count: [1, 10],
    limit: [1, 2, 1_000],
  };
}

function callerOf(url: string, key: string): ApiCaller {
  return {
    async post(path, body = {}) {
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const json: unknown = await response.json();
      return { status: response.status, body: typeof json === 'object' ? { ...json } : {} };
    },
  };
}
