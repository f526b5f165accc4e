import { type Database, executions } from '@automation/store';
import type { Pool } from 'pg';

import type { Load } from '../api/load.ts';
import { LoadGenerator } from '../api/load-generator.ts';
import { percentile } from '../rounds.ts';
import type { Service } from '../system/service.ts';

const PAGE = 100;

/** How long a listing takes, in ms. */
export interface Listing {
  median: number;
  p99: number;
}

/** Lists the last executions of jobs in turn. */
export async function listFromStore(
  db: Database,
  jobIds: readonly string[],
  calls: number,
  filter: { status?: 'failed' } = {},
): Promise<Listing> {
  const times: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const jobId = jobIds[call % jobIds.length] ?? '';
    const start = performance.now();
    await executions.list(db, { jobId, limit: PAGE, ...filter });
    times.push(performance.now() - start);
  }
  return { median: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

/** The same through the api, one request after the other. */
export async function listFromApi(
  { apiUrl: origin, apiKey }: Service,
  jobIds: readonly string[],
  seconds: number,
): Promise<Listing> {
  const load: Load = {
    origin,
    method: 'GET',
    paths: jobIds.map((id) => `/automation/jobs/${id}/executions?limit=${PAGE}`),
    headers: { authorization: `Bearer ${apiKey}` },
    body: null,
    expectedStatus: 200,
    connections: 1,
    seconds,
    perSecond: null,
  };
  const generator = new LoadGenerator();
  try {
    return (await generator.run(load)).latencyMs;
  } finally {
    await generator.stop();
  }
}

/** Any jobs of those that have a short history. */
export async function anyJobs(pool: Pool, count: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT id FROM automation_jobs ORDER BY random() LIMIT $1',
    [count],
  );
  return rows.map(({ id }) => id);
}
