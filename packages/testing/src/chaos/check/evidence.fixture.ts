import type {
  Call,
  Evidence,
  Incident,
  LedgerExecution,
  LedgerJob,
  LedgerPhase,
  LedgerSpan,
  Life,
  ProductAudit,
} from '../evidence.ts';

/** When the run begins, and where the job's `@every 10s` counts from. */
export const START = Date.UTC(2026, 0, 1);
export const WORKER = 11;
export const OTHER_WORKER = 12;
export const SCHEDULER = 13;

/** So many seconds after the start. */
export const at = (seconds: number) => START + seconds * 1_000;

export function job(overrides: Partial<LedgerJob> = {}): LedgerJob {
  return {
    id: 'job-1',
    name: 'job 1',
    schedule: '@every 10s',
    status: 'paused',
    statusReason: null,
    enabled: false,
    runCount: 2,
    checkCount: 2,
    maxRuns: 0,
    inFlight: 0,
    waiting: 0,
    nextOccurrence: null,
    overlapPolicy: 'skip',
    pauseAfterFailures: 0,
    endAt: null,
    ...overrides,
  };
}

/** Active from the start until the second occurrence is over. */
export function span(overrides: Partial<LedgerSpan> = {}): LedgerSpan {
  return {
    job: 'job-1',
    after: START,
    until: at(25),
    schedule: '@every 10s',
    timezone: 'UTC',
    anchor: START,
    startAt: null,
    endAt: null,
    ...overrides,
  };
}

/** The occurrence at so many seconds: it was checked and performed, which took two seconds. */
export function execution(seconds: number, overrides: Partial<LedgerExecution> = {}): LedgerExecution {
  return {
    id: `execution-${seconds}`,
    job: 'job-1',
    trigger: 'schedule',
    scheduledFor: at(seconds),
    scheduledForText: new Date(at(seconds)).toISOString(),
    status: 'succeeded',
    reason: null,
    createdAt: at(seconds),
    completedAt: at(seconds + 2),
    check: recorded({ startedAt: at(seconds + 0.1) }),
    perform: recorded({ startedAt: at(seconds + 1) }),
    ...overrides,
  };
}

/** A phase that succeeded at its first attempt. */
export function recorded(overrides: Partial<LedgerPhase> = {}): LedgerPhase {
  return { status: 'succeeded', startedAt: START, attempts: 1, httpStatus: 200, ...overrides };
}

/** A request of the execution at so many seconds that came `after` seconds later, and was answered in half a second. */
export function call(
  seconds: number,
  phase: Call['phase'],
  after: number,
  overrides: Partial<Call> = {},
): Call {
  return {
    at: at(seconds + after),
    job: 'job-1',
    execution: `execution-${seconds}`,
    phase,
    attempt: 1,
    key: `execution-${seconds}:${phase}`,
    scheduledFor: new Date(at(seconds)).toISOString(),
    sender: WORKER,
    answer: { status: 200, means: 'yes' },
    endedAt: at(seconds + after + 0.5),
    acceptedUntil: null,
    completions: [],
    ...overrides,
  };
}

/** The check and the perform of the execution at so many seconds. */
export function calls(seconds: number): Call[] {
  return [call(seconds, 'check', 0.1), call(seconds, 'perform', 1)];
}

export function incident(overrides: Partial<Incident> & Pick<Incident, 'kind' | 'at'>): Incident {
  return { until: overrides.at, pid: WORKER, what: overrides.kind, ...overrides };
}

export function life(overrides: Partial<Life> = {}): Life {
  return {
    name: 'worker-1',
    app: 'worker',
    pid: WORKER,
    startedAt: START,
    readyAt: at(1),
    endedAt: at(60),
    code: 0,
    signal: null,
    endedBy: 'terminate',
    errors: [],
    findings: [],
    ...overrides,
  };
}

export function audit(overrides: Partial<ProductAudit> = {}): ProductAudit {
  return {
    expected: 2,
    due: 0,
    open: 0,
    unaccounted: 0,
    unexpected: 0,
    unreadable: 0,
    defects: [],
    ...overrides,
  };
}

type Parts = Partial<Omit<Evidence, 'ledger'>> & Partial<Evidence['ledger']>;

/** A run in which all went well: a job with two occurrences, both performed. A test says what is different. */
export function evidence(parts: Parts = {}): Evidence {
  const { jobs, spans, executions, missed, waitingLeft, ...rest } = parts;
  return {
    ledger: {
      jobs: jobs ?? [job()],
      spans: spans ?? [span()],
      executions: executions ?? [execution(10), execution(20)],
      missed: missed ?? [],
      waitingLeft: waitingLeft ?? 0,
    },
    calls: [...calls(10), ...calls(20)],
    incidents: [],
    lives: [
      life(),
      life({ name: 'worker-2', pid: OTHER_WORKER }),
      life({ name: 'scheduler-1', app: 'scheduler', pid: SCHEDULER }),
    ],
    operations: [],
    audit: audit(),
    refusals: [],
    lagMs: 0,
    ...rest,
  };
}
