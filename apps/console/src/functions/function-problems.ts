import { ApiError } from '../api/api-error.ts';
import type { JsonObject } from '../api/json-value.ts';
import { bodyOf, type FunctionDraft, problemsOf } from './function-draft.ts';

const FIELDS = ['name', 'url', 'timeout_seconds', 'headers'];

/** What of a draft is sent to the api. Throws ApiError for what can't be said in JSON. */
export function readBody(draft: FunctionDraft, before: FunctionDraft | null): JsonObject {
  const [problem] = problemsOf(draft);
  if (problem === undefined) return bodyOf(draft, before);
  throw new ApiError({ status: 0, code: 'VALIDATION_ERROR', message: problem.message, details: [problem] });
}

/** What the api says of a field of a function. A header's own fault is told with all of them. */
export function problemOf(error: Error | null, field: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return error.details.find((problem) => problem.field === field || problem.field.startsWith(`${field}.`))
    ?.message;
}

/** What went wrong, unless it is told at a field; null if nothing. */
export function faultOutsideOfFields(error: Error | null): Error | null {
  return FIELDS.some((field) => problemOf(error, field) !== undefined) ? null : error;
}
