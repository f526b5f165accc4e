import type { Call, Evidence, Incident, LedgerExecution, LedgerJob } from '../evidence.ts';

/** A stop shorter than this loses no lease: a worker touches its tasks every 3 s, and they are its own for 10 s. */
const SHORTEST_LOSS_MS = 6_000;
/** Longer than any stop: what a worker had leased before one may come after it. */
const STALE_MS = 30_000;
/** A worker that could not reach the database tries again within it. */
const DATABASE_ECHO_MS = 15_000;
/** The function server notices a request, or its end, a little later; more so if it is late itself. */
const NOTICED_MS = 500;

/** The evidence, so that each rule finds what it needs. */
export class CaseFile {
  readonly evidence: Evidence;
  readonly jobs: ReadonlyMap<string, LedgerJob>;
  readonly executions: ReadonlyMap<string, LedgerExecution>;
  readonly executionsOfJob: ReadonlyMap<string, readonly LedgerExecution[]>;
  /** How long the function server may take to notice something. */
  readonly noticedMs: number;
  /** Each in the order in which they came. */
  readonly callsOfExecution: ReadonlyMap<string, readonly Call[]>;

  constructor(evidence: Evidence) {
    this.evidence = evidence;
    this.noticedMs = NOTICED_MS + evidence.lagMs;
    const { jobs, executions } = evidence.ledger;
    const calls = evidence.calls.toSorted((a, b) => a.at - b.at);
    this.jobs = new Map(jobs.map((job) => [job.id, job]));
    this.executions = new Map(executions.map((execution) => [execution.id, execution]));
    this.executionsOfJob = Map.groupBy(executions, ({ job }) => job);
    this.callsOfExecution = Map.groupBy(calls, ({ execution }) => execution);
  }

  callsOf(execution: LedgerExecution, phase: Call['phase']): readonly Call[] {
    return (this.callsOfExecution.get(execution.id) ?? []).filter((call) => call.phase === phase);
  }

  /**
   * Why a worker may have lost the lease under which it made one of some calls, some time until an instant, the likeliest
   * first; null if nothing is known.
   */
  leaseLoss(calls: readonly Call[], until: number): Incident | null {
    const losses = this.evidence.incidents.filter((incident) =>
      calls.some(
        (call) =>
          isLoss(incident, call) &&
          overlaps(incident, call.at - this.noticedMs - REACH_MS[incident.kind], until),
      ),
    );
    return LIKELIEST_FIRST.flatMap((kind) => losses.find((loss) => loss.kind === kind) ?? [])[0] ?? null;
  }

  /** What cut processes off from the database between two instants, or shortly before. */
  outage(from: number, until: number): Incident | null {
    const { incidents } = this.evidence;
    return incidents.find((each) => each.kind === 'database' && overlaps(each, from, until)) ?? null;
  }

  /** Any incident of these kinds between two instants, of a process if one is given. */
  incidentDuring(
    kinds: readonly Incident['kind'][],
    { from, until, pid }: { from: number; until: number; pid?: number },
  ): Incident | null {
    const found = this.evidence.incidents.find(
      (each) =>
        kinds.includes(each.kind) && (pid === undefined || each.pid === pid) && overlaps(each, from, until),
    );
    return found ?? null;
  }
}

const LIKELIEST_FIRST = ['kill', 'stop', 'database', 'terminate'] as const;

/** How long before a call an incident may have been that tells on it. */
const REACH_MS: Readonly<Record<Incident['kind'], number>> = {
  kill: 0,
  stop: STALE_MS,
  database: DATABASE_ECHO_MS,
  terminate: 0,
};

function isLoss(incident: Incident, call: Call): boolean {
  const { kind, at, until } = incident;
  if (kind === 'database') return true;
  return concerns(incident, call) && (kind !== 'stop' || until - at >= SHORTEST_LOSS_MS);
}

/** Of a call whose sender is not known it may be any process. */
function concerns({ pid }: Incident, { sender }: Call): boolean {
  return sender === null || pid === sender;
}

function overlaps(incident: Incident, from: number, until: number): boolean {
  return incident.at <= until && incident.until >= from;
}

/** Whether a function has said something of an attempt before an instant, at once or later through the api. */
export function hasSaid(call: Call, means: Call['completions'][number]['means'], before = Infinity): boolean {
  const { answer, endedAt, completions } = call;
  if (answer?.means === means && endedAt !== null && endedAt <= before) return true;
  // One that was never answered may have arrived.
  return completions.some(
    (completion) =>
      completion.means === means &&
      completion.at <= before &&
      (completion.status === null || completion.status < 400 || completion.status >= 500),
  );
}

/** How an execution is named in a violation. */
export function nameOf({ id, job, scheduledForText, trigger, status }: LedgerExecution): string {
  return `execution ${id} (${trigger} ${scheduledForText}, ${status}) of job ${job}`;
}

/** An instant in a violation. */
export function time(at: number | null): string {
  return at === null || !Number.isFinite(at) ? 'never' : new Date(at).toISOString().slice(11, 23);
}
