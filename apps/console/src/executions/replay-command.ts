import type { Execution, Phase } from '../api/execution.ts';
import type { PhaseName } from './waterfall.ts';

/** A request of an execution's phase, and where it went. */
export interface ReplayedRequest {
  execution: Execution;
  phase: PhaseName;
  recorded: Phase;
  /** Null if it is not known: the command asks for it as `$FUNCTION_URL`. */
  url: string | null;
  /** Names of the function's own headers. Their values may be secrets, so the command takes them from variables. */
  ownHeaders: readonly string[];
}

/** A shell command that makes the request once more, as it was but for its signature, trace and completion token. */
export function replayCommand(request: ReplayedRequest): string {
  const { execution, phase, recorded, url, ownHeaders } = request;
  const headers: [string, string][] = [
    ['Content-Type', 'application/json'],
    ['Idempotency-Key', recorded.id],
    ['X-Automation-Account', execution.account_id],
    ['X-Automation-Job', execution.job_id],
    ['X-Automation-Function', execution.function_id],
    ['X-Automation-Execution', execution.id],
    ['X-Automation-Phase', phase],
    ['X-Automation-Attempt', String(recorded.attempts)],
    ['X-Automation-Scheduled-For', execution.scheduled_for],
  ];
  return [
    `curl -i -X POST ${url === null ? '"$FUNCTION_URL"' : quoted(url)}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...ownHeaders.map((name) => `-H ${quoted(`${name}: `)}"$${variableOf(name)}"`),
    `--data-raw ${quoted(JSON.stringify(recorded.input))}`,
  ].join(' \\\n  ');
}

/** The variable that a header's value is taken from: `X-Api-Key` is `X_API_KEY`. */
export function variableOf(header: string): string {
  return header
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '_')
    .replace(/^(?=\d)/, '_');
}

/** One word for a POSIX shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
