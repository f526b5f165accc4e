import type { Problem } from '../api/api-error.ts';
import { findJsonFault } from '../components/json-syntax.ts';
import type { JobDraft } from './job-draft.ts';
import { JOB_FIELDS, type JobFieldName } from './job-field.ts';

/** What is sent to the api, unless there are problems: texts that are no JSON. All other faults are for the api to find. */
export interface JobBody {
  body: Record<string, unknown>;
  problems: Problem[];
}

/** The named fields of a draft, as the api takes them. */
export function bodyOf(draft: JobDraft, names: readonly JobFieldName[]): JobBody {
  const body: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const name of names) {
    const fault = JOB_FIELDS[name].kind === 'json' ? findJsonFault(objectText(draft[name])) : null;
    if (fault === null) body[name] = valueOf(name, draft[name]);
    else problems.push({ field: name, message: `line ${fault.line}: ${fault.message}` });
  }
  return { body, problems };
}

function valueOf(name: JobFieldName, text: string): unknown {
  if (name === 'enabled') return text === 'true';
  switch (JOB_FIELDS[name].kind) {
    case 'number':
      return numberOf(text.trim());
    case 'instant':
      return text === '' ? null : text;
    case 'json':
      return JSON.parse(objectText(text));
    case 'line':
    case 'text':
    case 'function':
    case 'schedule':
    case 'timezone':
    case 'choice':
      return text;
  }
}

/** What is no number is sent as it is: the api says of the field what is wrong with it. */
function numberOf(text: string): number | string | null {
  if (text === '') return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

function objectText(text: string): string {
  return text.trim() === '' ? '{}' : text;
}
