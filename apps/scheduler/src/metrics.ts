import { Counter, Histogram, type Registry } from 'prom-client';

export type SchedulerMetrics = ReturnType<typeof createSchedulerMetrics>;

/** The scheduler's own metrics. */
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
    violations: new Counter({
      name: 'automation_ledger_violations_total',
      help: 'Violations of the invariants that the scan of the ledger found, by kind',
      labelNames: ['kind'],
      registers,
    }),
    repairs: new Counter({
      name: 'automation_ledger_repairs_total',
      help: 'Violations that the scan of the ledger repaired, by kind',
      labelNames: ['kind'],
      registers,
    }),
    claimDuration: new Histogram({
      name: 'automation_claim_duration_seconds',
      help: 'Duration of one claim transaction',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
      registers,
    }),
  };
}
