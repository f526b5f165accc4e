import type { Problem } from '../api/api-error.ts';
import type { AutomationFunction } from '../api/automation-function.ts';
import type { JsonObject } from '../api/json-value.ts';

/** A header as it is being written. */
export interface HeaderDraft {
  /** Tells it apart from the others while its name changes. */
  key: number;
  name: string;
  value: string;
}

/** A function as it is being written: texts until it is sent. */
export interface FunctionDraft {
  name: string;
  url: string;
  timeoutSeconds: string;
  headers: readonly HeaderDraft[];
}

export const NEW_FUNCTION: FunctionDraft = { name: '', url: '', timeoutSeconds: '30', headers: [] };

export function draftOf({ name, url, timeout_seconds: timeout, headers }: AutomationFunction): FunctionDraft {
  const rows = Object.entries(headers).map(([header, value], key) => ({ key, name: header, value }));
  return { name, url, timeoutSeconds: String(timeout), headers: rows };
}

/** A draft with one more header to fill in. */
export function withHeader(draft: FunctionDraft): FunctionDraft {
  const key = Math.max(-1, ...draft.headers.map((header) => header.key)) + 1;
  return { ...draft, headers: [...draft.headers, { key, name: '', value: '' }] };
}

/** What the api is sent: all fields of a draft that differ from `before`. */
export function bodyOf(draft: FunctionDraft, before: FunctionDraft | null): JsonObject {
  const body = allOf(draft);
  const known = before === null ? {} : allOf(before);
  return Object.fromEntries(
    Object.entries(body).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(known[field])),
  );
}

/** What can't be said in JSON, so that the api has no word for it. */
export function problemsOf({ headers }: FunctionDraft): Problem[] {
  const names = headers.map(({ name }) => name.trim());
  const twice = names.find((name, place) => name !== '' && names.indexOf(name) !== place);
  return twice === undefined ? [] : [{ field: 'headers', message: `headers: ${twice} is given twice` }];
}

function allOf({ name, url, timeoutSeconds, headers }: FunctionDraft): JsonObject {
  const filled = headers.filter((header) => header.name.trim() !== '' || header.value !== '');
  return {
    name,
    url: url.trim(),
    timeout_seconds: numberOf(timeoutSeconds.trim()),
    headers: Object.fromEntries(filled.map((header) => [header.name.trim(), header.value])),
  };
}

/** What is no number is sent as it is: the api says what is wrong with it. */
function numberOf(text: string): number | string {
  const number = Number(text);
  return text === '' || !Number.isFinite(number) ? text : number;
}
