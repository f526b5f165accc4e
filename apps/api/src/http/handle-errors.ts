import type { AppError } from '@automation/domain';
import type { Logger } from '@automation/service-kit';
import type { ErrorRequestHandler, Request } from 'express';

import type { ApiDependencies } from '../dependencies.ts';
import { ERROR_KINDS } from './error-kinds.ts';
import { errorReply } from './error-reply.ts';
import { requestIdOf } from './request-id.ts';
import { sendReply } from './send-reply.ts';
import { toAppError } from './to-app-error.ts';

/** Of a request without one there was nothing to parse. */
const MISSING_SCHEDULE = 'required: schedule';

type ErrorContext = Pick<ApiDependencies, 'logger' | 'outage'>;

/** Answers whatever a request threw; bugs are logged at ERROR with their stack and answered without it. */
export function handleErrors({ logger, outage }: ErrorContext): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
    outage.noticed(error);
    const appError = toAppError(error);
    logFault(logger, appError, request);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    sendReply(response, errorReply(appError, requestIdOf(request)));
  };
}

function logFault(logger: Logger, { code, cause, details }: AppError, request: Request): void {
  const fault = details?.find(({ field, message }) => field === 'schedule' && message !== MISSING_SCHEDULE);
  if (fault !== undefined)
    logger.info('schedule parsing error', { error: fault.message, request_id: requestIdOf(request) });
  if (ERROR_KINDS[code].status < 500) return;
  const fields = {
    error: cause,
    method: request.method,
    path: request.path,
    request_id: requestIdOf(request),
  };
  if (code === 'INTERNAL') logger.error('request failed', fields);
  // The outage is said once, and not for every request that it hits.
  else logger.debug('request refused', fields);
}
