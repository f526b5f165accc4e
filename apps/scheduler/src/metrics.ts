import { counterFromZero } from '@automation/service-kit';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

import { FINDING_KINDS } from './scan/finding.ts';

export type SchedulerMetrics = ReturnType<typeof createSchedulerMetrics>;

/** The scheduler's own metrics; what waits is shown by `showBacklog`. */
export function createSchedulerMetrics(registry: Registry) {
  const registers = [registry];
  return {
    claimed: new Counter({
      name: 'automation_executions_claimed_total',
      help: 'Occurrences that became an execution',
      registers,
    }),
    skipped: new Counter({
      name: 'automation_executions_skipped_total',
      help: 'Occurrences recorded as skipped',
      registers,
    }),
    missed: new Counter({
      name: 'automation_occurrences_missed_total',
      help: 'Occurrences recorded as missed',
      registers,
    }),
    violations: createFindingCounter(registry, {
      name: 'automation_ledger_violations_total',
      help: 'Violations of the invariants that the scan of the ledger found, by kind',
    }),
    repairs: createFindingCounter(registry, {
      name: 'automation_ledger_repairs_total',
      help: 'Violations that the scan of the ledger repaired, by kind',
    }),
    storage: createStorageGauge(registry),
    claimDuration: new Histogram({
      name: 'automation_claim_duration_seconds',
      help: 'Duration of one claim transaction',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
      registers,
    }),
    claimJobs: new Histogram({
      name: 'automation_claim_jobs',
      help: 'Jobs of one claim transaction that found any',
      buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000],
      registers,
    }),
    lastClaim: new Gauge({
      name: 'automation_last_claim_timestamp_seconds',
      help: 'When this process last looked for due jobs with success, whether or not it found any; 0 before the first time',
      registers,
    }),
  };
}

function createStorageGauge(registry: Registry): Gauge<'part'> {
  return new Gauge({
    name: 'automation_storage_bytes',
    help: 'Bytes that tables take in the database, with their indexes: history, definitions of users, queue',
    labelNames: ['part'],
    registers: [registry],
  });
}

/** Every kind is shown from the start, so that the first finding is an increase. */
function createFindingCounter(registry: Registry, what: { name: string; help: string }): Counter<'kind'> {
  const counter = new Counter({ ...what, labelNames: ['kind'], registers: [registry] });
  for (const kind of FINDING_KINDS) counterFromZero(counter, { kind });
  return counter;
}
