import { validationError } from '@automation/domain';
import { checkUrl, type EgressPolicy } from '@automation/invoker';

/** Throws VALIDATION_ERROR unless functions may have that URL (SPEC 6, FUNCTION_NETWORK). */
export function requireAcceptableUrl(url: string, egress: EgressPolicy): void {
  const fault = checkUrl(url, egress);
  if (fault === null) return;
  const message = `function validation failed: ${fault}`;
  throw validationError(message, [{ field: 'url', message }]);
}
