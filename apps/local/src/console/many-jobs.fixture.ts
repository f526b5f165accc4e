import { openStore } from '@automation/store';

/** Writes as many jobs like one that there is, named `job 00001` and so on: through the api it would take minutes. */
export async function copyJob(databaseUrl: string, jobId: string, count: number): Promise<void> {
  const store = openStore({
    url: databaseUrl,
    poolSize: 1,
    applicationName: 'test',
    onConnectionError: () => undefined,
  });
  try {
    await store.pool.query(
      `INSERT INTO automation_jobs
       SELECT (jsonb_populate_record(job, jsonb_build_object(
         'id', '01900000-0000-7000-8000-' || lpad(n::text, 12, '0'),
         'name', 'job ' || lpad(n::text, 5, '0')
       ))).*
       FROM automation_jobs AS job, generate_series(1, $2::integer) AS n WHERE job.id = $1`,
      [jobId, count],
    );
    // As autovacuum would within a minute.
    await store.pool.query('ANALYZE automation_jobs');
  } finally {
    await store.close();
  }
}
