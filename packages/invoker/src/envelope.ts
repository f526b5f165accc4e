import {
  type AttemptResult,
  isJsonObject,
  isTooDeep,
  type JsonObject,
  type JsonValue,
  MAX_JSON_DEPTH,
} from '@automation/domain';

import { describeJson } from './describe-json.ts';
import { firstCharacters } from './first-characters.ts';
import { rejected } from './invocation.ts';

/** Room for a stack trace. An error becomes the reason of its execution, which is in lists and events. */
const LONGEST_ERROR = 2_000;

const FAILED_STATUS = /^(?:failed|error)$/i;

/** Why an answer that is nested too deep to be stored is rejected. */
export const TOO_DEEP = `expected JSON of at most ${MAX_JSON_DEPTH} levels; got more`;

/**
 * Reads the seed's FunctionExecution envelope (SPEC 4): `output`, `logs`, `error` and `status`, each of which may
 * be absent or null. A non-empty `error`, or a `status` of failed or error in any case, is rejected with that
 * error, of which 2,000 characters are kept; so are output and logs.
 */
export function readEnvelope(httpStatus: number, envelope: JsonObject): AttemptResult {
  if (isTooDeep(envelope)) return rejected(httpStatus, TOO_DEEP);
  const output = envelope['output'] ?? {};
  const logs = envelope['logs'] ?? [];
  const error = reportedError(envelope);
  if (error !== null) {
    // A failed function's own words matter more than a fault in the rest of its envelope.
    return {
      kind: 'rejected',
      httpStatus,
      error,
      output: isJsonObject(output) ? output : {},
      logs: Array.isArray(logs) ? logs.map(asText) : [],
    };
  }
  if (!isJsonObject(output)) {
    return rejected(
      httpStatus,
      `expected the envelope's output to be an object; got ${describeJson(output)}`,
    );
  }
  if (!Array.isArray(logs)) {
    return rejected(httpStatus, `expected the envelope's logs to be an array; got ${describeJson(logs)}`);
  }
  return { kind: 'succeeded', httpStatus, output, logs: logs.map(asText) };
}

function reportedError(envelope: JsonObject): string | null {
  const error = envelope['error'] ?? '';
  if (error !== '') return firstCharacters(asText(error), LONGEST_ERROR);
  const status = envelope['status'];
  return typeof status === 'string' && FAILED_STATUS.test(status)
    ? `the function reported status ${status}`
    : null;
}

function asText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
