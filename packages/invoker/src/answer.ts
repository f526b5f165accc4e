import { type AttemptResult, isJsonObject, isTooDeep, type JsonObject } from '@automation/domain';

import { readEnvelope, TOO_DEEP } from './envelope.ts';
import { rejected } from './invocation.ts';
import { describeJson } from './describe-json.ts';
import { plainText } from './plain-text.ts';

/** A day, in seconds: what a function may ask for to complete an attempt later. */
const LONGEST_COMPLETION_S = 86_400;

const OBJECT = 'application/json';
const ENVELOPE = 'application/vnd.automation.execution+json';
const EXPECTED = `expected a JSON object as ${OBJECT}, an execution as ${ENVELOPE}, or an empty body`;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads the body of a 2xx answer (SPEC 4): an object is the output, nothing at all is `{}`, an envelope is the
 * seed's FunctionExecution. Anything else is rejected with what was got and what is expected.
 */
export function readAnswer(
  httpStatus: number,
  contentType: string | string[] | undefined,
  bytes: Buffer,
): AttemptResult {
  if (bytes.length === 0) return { kind: 'succeeded', httpStatus, output: {}, logs: [] };
  const type = mediaType(contentType);
  if (type !== OBJECT && type !== ENVELOPE) {
    return unexpected(httpStatus, type === '' ? 'no content type' : `content type ${type}`);
  }
  const parsed = parseJson(bytes);
  if ('fault' in parsed) return unexpected(httpStatus, parsed.fault);
  if (!isJsonObject(parsed.value)) return unexpected(httpStatus, describeJson(parsed.value));
  if (type === ENVELOPE) return readEnvelope(httpStatus, parsed.value);
  if (isTooDeep(parsed.value)) return rejected(httpStatus, TOO_DEEP);
  if (httpStatus === 202 && parsed.value['async'] === true) return readAcceptance(parsed.value);
  return { kind: 'succeeded', httpStatus, output: parsed.value, logs: [] };
}

/** Without parameters: JSON is UTF-8 whatever a charset says (RFC 8259, 8.1). */
function mediaType(contentType: string | string[] | undefined): string {
  const [type = ''] = String(contentType ?? '').split(';', 1);
  return type.trim().toLowerCase();
}

/** `{"async": true}`, and optionally how long the completion may take. */
function readAcceptance({ timeout_seconds: seconds = null }: JsonObject): AttemptResult {
  if (seconds === null) return { kind: 'accepted', httpStatus: 202, withinMs: null };
  if (typeof seconds === 'number' && seconds > 0 && seconds <= LONGEST_COMPLETION_S) {
    return { kind: 'accepted', httpStatus: 202, withinMs: Math.ceil(seconds * 1_000) };
  }
  const got = plainText(JSON.stringify(seconds), 100);
  return rejected(
    202,
    `expected timeout_seconds to be above 0 and at most ${LONGEST_COMPLETION_S}; got ${got}`,
  );
}

/** The result of a 2xx answer that is none of those that SPEC 4 allows. */
export function unexpected(httpStatus: number, got: string): AttemptResult {
  return rejected(httpStatus, `${EXPECTED}; got ${plainText(got, 200)}`);
}

function parseJson(bytes: Buffer): { value: unknown } | { fault: string } {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    // The only thing that decode throws, and its message says no more.
    return { fault: 'a body that is not UTF-8' };
  }
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { fault: `invalid JSON (${String(error)})` };
  }
}
