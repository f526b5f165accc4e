import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

// Load for a product that runs elsewhere (the profile `load` of docker-compose.yml): a function that answers at once, and
// jobs that ask it every 10 s. It stands alone, so that an image of Node is all that runs it.

const { API_URL, API_KEY, FUNCTION_URL, LOAD_JOBS = '1000', LOAD_PORT = '3000' } = process.env;
const INTERVAL_MS = 10_000;

process.once('SIGTERM', () => process.exit(0));

let requests = 0;
const server = createServer((request, response) => {
  requests += 1;
  request.resume();
  response.setHeader('content-type', 'application/json').end('{}');
});
server.listen(Number(LOAD_PORT));
await once(server, 'listening');

const functionId = await registerFunction();
// One by one: more would run into the api's limits.
for (let number = 1; number <= Number(LOAD_JOBS); number += 1) await createJob(`load ${number}`);
process.stdout.write(`${LOAD_JOBS} jobs every ${INTERVAL_MS / 1000} s\n`);
for (;;) {
  const before = requests;
  await delay(INTERVAL_MS);
  process.stdout.write(`${((requests - before) / INTERVAL_MS) * 1000} requests a second\n`);
}

/** Answers the id of the function; one of an earlier run will do. */
async function registerFunction(): Promise<unknown> {
  const known: unknown = await ask('GET', '/functions?limit=1000');
  const own: unknown = Array.isArray(known) ? known.find(isOwn) : undefined;
  return idOf(own ?? (await ask('POST', '/functions', { name: 'load', url: FUNCTION_URL })));
}

async function createJob(name: string): Promise<void> {
  await ask('POST', '/automation/jobs', { function_id: functionId, name, schedule: '@every 10s' });
}

function isOwn(fn: unknown): boolean {
  return Reflect.get(Object(fn), 'url') === FUNCTION_URL;
}

function idOf(fn: unknown): unknown {
  return Reflect.get(Object(fn), 'id');
}

/** Answers the JSON of the response. Throws unless it is a success, or a conflict with what an earlier run left. */
async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${API_URL}${path}`, {
    method,
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok && response.status !== 409)
    throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
