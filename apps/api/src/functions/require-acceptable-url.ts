import { validationError } from '@automation/domain';
import { checkUrl, type Network } from '@automation/invoker';

/** Throws VALIDATION_ERROR unless functions may have that URL (SPEC 6, FUNCTION_NETWORK). */
export function requireAcceptableUrl(url: string, network: Network): void {
  const fault = checkUrl(url, network);
  if (fault === null) return;
  const message = `function validation failed: ${fault}`;
  throw validationError(message, [{ field: 'url', message }]);
}
