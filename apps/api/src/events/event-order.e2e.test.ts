import { waitUntil } from '@automation/testing';

import { createJob, startTestApi, type Tenant, type TestApi } from '../api.fixture.ts';
import { type Message, openEvents } from './event-source.fixture.ts';
import { startRelay } from './relay.fixture.ts';

let api: TestApi;
let relay: ReturnType<typeof startRelay>;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi();
  relay = startRelay(api.store);
  tenant = await api.newTenant();
});

afterAll(async () => {
  await relay.stop();
  await api.stop();
});

const WRITERS = 12;
const CHANGES = 50;

const versionIn = ({ data }: Message): unknown => Reflect.get(Object(data['data']), 'version');

/** Reads so many events on connections that break off at random, each going on where the last one was. */
async function readWithBreaks(count: number, lastEventId: string): Promise<Message[]> {
  const read: Message[] = [];
  let seen = lastEventId;
  while (read.length < count) {
    const source = await openEvents(api.url, { key: tenant.key, lastEventId: seen });
    const enough = Math.min(1 + Math.floor(Math.random() * 60), count - read.length);
    await waitUntil(() => source.messages.length >= enough, { timeoutMs: 100_000 });
    source.close();
    await source.ended;
    read.push(...source.messages);
    seen = source.lastEventId;
  }
  return read;
}

test('whoever changes jobs at the same time, a reader that comes back again and again gets each event once, and each job in order (SPEC 5)', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 5; n += 1) ids.push(String((await createJob(tenant))['id']));
  const reading = readWithBreaks(ids.length + WRITERS * CHANGES, '0');
  const write = async (writer: number) => {
    for (let n = 0; n < CHANGES; n += 1) {
      const id = ids[Math.floor(Math.random() * ids.length)];
      const { status } = await tenant.patch(`/automation/jobs/${id}`, { description: `${writer} ${n}` });
      expect(status).toBe(200);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  const messages = await reading;

  const positions = messages.map(({ id }) => Number(id));
  expect(positions).toEqual(positions.toSorted((one, other) => one - other));
  expect(new Set(positions).size).toBe(ids.length + WRITERS * CHANGES);
  for (const id of ids) {
    const ofJob = messages.filter(({ data }) => data['job_id'] === id);
    const versions = ofJob.map(versionIn);
    expect(versions).toEqual(versions.map((_, n) => (n === 0 ? undefined : n + 1)));
    const { headers } = await tenant.get(`/automation/jobs/${id}`);
    expect(headers['etag']).toBe(`"${versions.length}"`);
  }
});
