import type { Ledger, Violation } from '../chaos/evidence.ts';
import type { PatientClient } from './patient-client.ts';
import type { UserNotes } from './user.ts';

/**
 * What the users were answered is what there is: nothing that they were told is lost, no run happened that they don't know of,
 * and nobody saw an error. A create that happened twice would be one: names are unique.
 */
export function judgeUsers(
  { jobs, runs, surprises }: UserNotes,
  { faults }: Pick<PatientClient, 'faults'>,
  ledger: Ledger,
): Violation[] {
  const kept = new Set(ledger.jobs.map(({ id }) => id));
  const ran = ledger.executions.filter(({ job, trigger }) => trigger === 'manual' && jobs.has(job));
  const known = new Set(ran.map(({ id }) => id));
  return [
    ...faults.map((what) => ({ rule: 'error at the client', what })),
    ...surprises.map((what) => ({ rule: 'unexpected answer', what })),
    ...[...jobs.keys()].filter((id) => !kept.has(id)).map((id) => ({ rule: 'lost job', what: `job ${id}` })),
    ...[...runs].filter((id) => !known.has(id)).map((id) => ({ rule: 'lost run', what: `execution ${id}` })),
    ...ran
      .filter(({ id }) => !runs.has(id))
      .map(({ id }) => ({ rule: 'run twice', what: `execution ${id}, which no answer named` })),
  ];
}
