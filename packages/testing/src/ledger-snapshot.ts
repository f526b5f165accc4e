import type { Pool } from 'pg';

/**
 * What the database says of jobs, executions and tasks, a line for each row, without ids and times, so that two runs can
 * be compared: the jobs by their names, executions by their occurrences, and each task by the executions that it names.
 */
export async function snapshotLedger(pool: Pool): Promise<string[]> {
  const lines = await Promise.all(
    Object.entries(PARTS).map(async ([part, text]) => {
      const { rows } = await pool.query<object>(text);
      return rows.map((row) => `${part} ${JSON.stringify(row)}`);
    }),
  );
  return lines.flat();
}

/** Empties what `snapshotLedger` shows: the audit log stays, but not the jobs that it tells of. */
export async function clearLedger(pool: Pool): Promise<void> {
  // A TRUNCATE of so many small tables takes longer.
  await pool.query(`
    DELETE FROM automation_jobs; DELETE FROM automation_timetables; DELETE FROM automation_executions;
    DELETE FROM automation_waiting_executions; DELETE FROM automation_missed_runs; DELETE FROM automation_outbox;
    DELETE FROM pgboss.job`);
}

const EXECUTIONS = `
  SELECT e.*, j.name AS job, row_number() OVER (PARTITION BY e.job_id ORDER BY e.scheduled_for, e.id)::int AS nth
  FROM automation_executions e JOIN automation_jobs j ON j.id = e.job_id`;

const PARTS = {
  jobs: `
    SELECT name, status, status_reason, enabled, run_count, check_count, consecutive_failures, in_flight, waiting,
           version, last_run IS NOT NULL AS has_run, next_run > now() AS is_ahead
    FROM automation_jobs ORDER BY name`,
  executions: `
    SELECT job, nth, trigger, status, reason, phase, attempts, task_attempt, awaits_completion,
           task_id IS NOT NULL AS has_task, check_result IS NOT NULL AS checked,
           perform_result IS NOT NULL AS performed, perform_input IS NOT NULL AS has_input,
           completed_at IS NOT NULL AS is_finished
    FROM (${EXECUTIONS}) e ORDER BY job, nth`,
  waiting: `
    SELECT job, nth FROM automation_waiting_executions w
    LEFT JOIN (${EXECUTIONS}) e ON e.id = w.execution_id ORDER BY job, nth`,
  // A task that lost its execution to another one is told from the one that has it.
  tasks: `
    SELECT t.name, t.state, t.retry_count, t.start_after > now() AS is_later,
           array_agg(e.job || ' ' || e.nth || CASE WHEN e.task_id = t.id THEN '' ELSE ' (lost)' END
                     ORDER BY e.job, e.nth) AS executions
    FROM pgboss.job t
    LEFT JOIN (${EXECUTIONS}) e ON t.data->'executionIds' ? e.id::text
    GROUP BY t.id, t.name, t.state, t.retry_count, t.start_after ORDER BY executions, t.name, t.state`,
  missed: `
    SELECT j.name, m.count, m.reason FROM automation_missed_runs m JOIN automation_jobs j ON j.id = m.job_id
    ORDER BY j.name, m.from_at`,
  timetables: `
    SELECT j.name, t.until_at IS NULL AS is_open
    FROM automation_timetables t JOIN automation_jobs j ON j.id = t.job_id ORDER BY j.name, t.after_at`,
  events: `
    SELECT j.name, o.type FROM automation_outbox o JOIN automation_jobs j ON j.id = o.job_id ORDER BY j.name, o.id`,
  'audit log': `
    SELECT j.name, l.actor_kind, l.action
    FROM automation_audit_log l JOIN automation_jobs j ON j.id::text = l.target_id ORDER BY j.name, l.id`,
};
