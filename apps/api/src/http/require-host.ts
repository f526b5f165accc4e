import { AppError } from '@automation/domain';
import type { RequestHandler } from 'express';

/** Refuses a request without Host, as RFC 9112 3.2 asks for; Node would do it without a body. */
export const requireHost: RequestHandler = ({ headers, httpVersion }, _response, next) => {
  if (headers.host === undefined && httpVersion === '1.1') {
    throw new AppError('VALIDATION_ERROR', 'the request has no Host header');
  }
  next();
};
