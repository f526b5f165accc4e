import { validationError } from '@automation/domain';
import { checkUrl, type EgressPolicy } from '@automation/invoker';

/** Throws VALIDATION_ERROR unless events may be sent to that URL: where functions may be, endpoints may (SPEC 6, FUNCTION_NETWORK). */
export function requireAcceptableUrl(url: string, egress: EgressPolicy): void {
  const message = checkUrl(url, egress);
  if (message !== null) throw validationError(message, [{ field: 'url', message }]);
}
