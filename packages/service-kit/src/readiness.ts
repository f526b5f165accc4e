import { withDeadline } from './deadline.ts';
import { errorMessage } from './error-message.ts';

/** What must work before a process can: each check resolves, or rejects with the reason. */
export type Readiness = Readonly<Record<string, () => Promise<void>>>;

/** The answer to GET /readyz. */
export interface ReadinessReport {
  readonly httpStatus: 200 | 503;
  readonly body: {
    readonly status: 'ready' | 'unavailable';
    /** `ok`, or what is wrong. */
    readonly checks: Readonly<Record<string, string>>;
  };
}

const deadlineMs = 1000;

/** Runs every check side by side, each for one second at most; does not throw (SPEC 5, `GET /readyz`). */
export async function readinessReport(readiness: Readiness): Promise<ReadinessReport> {
  const checks = await Promise.all(
    Object.entries(readiness).map(async ([name, check]) => [name, await outcomeOf(check)] as const),
  );
  const ready = checks.every(([, outcome]) => outcome === 'ok');
  return {
    httpStatus: ready ? 200 : 503,
    body: { status: ready ? 'ready' : 'unavailable', checks: Object.fromEntries(checks) },
  };
}

async function outcomeOf(check: () => Promise<void>): Promise<string> {
  try {
    await withDeadline(deadlineMs, check);
    return 'ok';
  } catch (error) {
    return errorMessage(error);
  }
}
