import type { Pool } from 'pg';

import { fillJobs } from '../system/fill-jobs.ts';
import type { Service } from '../system/service.ts';
import type { Load } from './load.ts';

export const CONNECTIONS = 64;
const JOBS = 10_000;
/** So many of them are read in turn. */
const READ_JOBS = 1_000;
const YEAR_MS = 365 * 86_400_000;

/** What is asked of the api, as fast as it answers. */
export interface ApiRequests {
  create: Load;
  read: Load;
  list: Load;
  /** Size of a job in an answer. */
  jobBytes: number;
}

/** Stores jobs that are not due soon, for an account that has an api key, and answers requests that read and add to them. */
export async function prepareRequests(pool: Pool, service: Service, seconds: number): Promise<ApiRequests> {
  const { functionId, jobIds } = await storeJobs(pool);
  const headers = { authorization: `Bearer ${service.apiKey}` };
  const get = (paths: string[]): Load => ({
    origin: service.apiUrl,
    method: 'GET',
    paths,
    headers,
    body: null,
    expectedStatus: 200,
    connections: CONNECTIONS,
    seconds,
    perSecond: null,
  });
  const read = get(jobIds.map((id) => `/automation/jobs/${id}`));
  return {
    create: {
      ...get(['/automation/jobs']),
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: jobBody(functionId),
      expectedStatus: 201,
    },
    read,
    list: get(['/automation/jobs?limit=50']),
    jobBytes: await sizeOfAnswer(read),
  };
}

function jobBody(functionId: string): string {
  return JSON.stringify({
    function_id: functionId,
    name: 'job {n}',
    description: 'Sends the daily report.',
    schedule: '0 9 * * *',
    payload: { report: 'daily', recipients: ['one@example.com', 'two@example.com'] },
  });
}

async function storeJobs(pool: Pool): Promise<{ functionId: string; jobIds: string[] }> {
  await fillJobs(pool, {
    count: JOBS,
    schedule: '0 9 * * *',
    nextRun: new Date(Date.now() + YEAR_MS),
    staggerMs: 1_000,
    functionUrl: 'http://127.0.0.1:9/',
  });
  const { rows } = await pool.query<{ id: string; function_id: string }>(
    'SELECT id, function_id FROM automation_jobs ORDER BY random() LIMIT $1',
    [READ_JOBS],
  );
  const [first] = rows;
  if (first === undefined) throw new Error('no job was stored');
  return { functionId: first.function_id, jobIds: rows.map(({ id }) => id) };
}

async function sizeOfAnswer({ origin, paths: [path = '/'], headers }: Load): Promise<number> {
  const answer = await fetch(new URL(path, origin), { headers });
  return (await answer.arrayBuffer()).byteLength;
}
