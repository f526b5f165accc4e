import { isJsonObject } from '@automation/domain';

import { readEnvelope } from './envelope.ts';
import { type InvocationResult, rejected } from './invocation.ts';
import { describeJson } from './describe-json.ts';
import { plainText } from './plain-text.ts';

/** At most this much of an answer is read (SPEC 4). */
export const MAX_ANSWER_BYTES = 1024 * 1024;

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
): InvocationResult {
  if (bytes.length === 0) return { kind: 'succeeded', httpStatus, output: {}, logs: [] };
  // Parameters are ignored: JSON is UTF-8 whatever a charset says (RFC 8259, 8.1).
  const type =
    String(contentType ?? '')
      .split(';', 1)[0]
      ?.trim()
      .toLowerCase() ?? '';
  if (type !== OBJECT && type !== ENVELOPE) {
    return unexpected(httpStatus, type === '' ? 'no content type' : `content type ${type}`);
  }
  const parsed = parseJson(bytes);
  if ('fault' in parsed) return unexpected(httpStatus, parsed.fault);
  if (!isJsonObject(parsed.value)) return unexpected(httpStatus, describeJson(parsed.value));
  return type === ENVELOPE
    ? readEnvelope(httpStatus, parsed.value)
    : { kind: 'succeeded', httpStatus, output: parsed.value, logs: [] };
}

/** The result of a 2xx answer that is none of those that SPEC 4 allows. */
export function unexpected(httpStatus: number, got: string): InvocationResult {
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
