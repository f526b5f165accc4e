import { ApiError } from '../api/api-error.ts';
import { JOB_FIELD_NAMES, type JobFieldName } from './job-field.ts';

/** What the api says of a field. That a name is taken is told without a field. */
export function problemOfField(error: Error | null, name: JobFieldName): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return name === 'name' && isNameTaken(error) ? error.message : error.problemOf(name);
}

/** What went wrong, unless it is told at a field; null if nothing. */
export function faultOutsideOfFields(error: Error | null): Error | null {
  return JOB_FIELD_NAMES.some((name) => problemOfField(error, name) !== undefined) ? null : error;
}

function isNameTaken({ code, message }: ApiError): boolean {
  return code === 'CONFLICT' && message.startsWith('job with name');
}
