import { AppError } from '@automation/domain';
import express, { type Request, type Response } from 'express';

const LARGEST_BODY = '256kb';
const parse = express.json({ limit: LARGEST_BODY, type: 'application/json' });

/**
 * The request's JSON; `{}` if it has no body. Throws UNSUPPORTED_MEDIA_TYPE for anything but JSON; what the parser
 * refuses (malformed, too large) is mapped by `toAppError`.
 */
export async function readJsonBody(request: Request, response: Response): Promise<unknown> {
  await new Promise<void>((resolve, reject) => {
    parse(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
  const body: unknown = request.body;
  if (body !== undefined) return body;
  if (hasBody(request)) {
    const type = request.get('content-type') ?? 'none';
    throw new AppError(
      'UNSUPPORTED_MEDIA_TYPE',
      `the body must be application/json, its content type is ${type}`,
    );
  }
  return {};
}

/** RFC 9112 6.3: a request has a body if either header is there. */
function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
