import { AppError } from '@automation/domain';
import express, { type Request, type Response } from 'express';

import { refuseProtoKeys } from './refuse-proto-keys.ts';

const KIB = 1_024;
const parserOf = (limit: number) => express.json({ limit, type: 'application/json', strict: false });
const PARSERS = { usual: parserOf(256 * KIB), large: parserOf(1_024 * KIB) };

/** `large` is as large as a function's answer may be. */
export type BodySize = keyof typeof PARSERS;

/**
 * The request's JSON; `{}` if it has no body. Throws UNSUPPORTED_MEDIA_TYPE for anything but JSON; what the parser
 * refuses (malformed, too large) is mapped by `toAppError`.
 */
export async function readJsonBody(
  request: Request,
  response: Response,
  size: BodySize = 'usual',
): Promise<unknown> {
  await new Promise<void>((resolve, reject) => {
    PARSERS[size](request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
  const body: unknown = request.body;
  if (body !== undefined) {
    refuseProtoKeys(body);
    return body;
  }
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
