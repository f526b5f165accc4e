import { createHash } from 'node:crypto';

import { AppError, conflict, type ErrorCode, type JsonValue, validationError } from '@automation/domain';
import { idempotencyKeys } from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import { errorReply } from './error-reply.ts';
import { ERROR_KINDS } from './error-kinds.ts';
import type { KeepAnswer, Reply } from './reply.ts';
import type { Caller } from './route.ts';
import { toAppError } from './to-app-error.ts';

const LONGEST_KEY = 255;

export interface IdempotentRequest {
  key: string;
  caller: Caller;
  method: string;
  path: string;
  body: unknown;
  showsSecret: boolean;
}

/**
 * Runs a POST under its Idempotency-Key (SPEC 5): the same request again answers the first response again, a different
 * one under the same key is 422, and the first still under way is 409. A request that failed through no fault of its
 * own (5xx), or that was refused as invalid and did nothing (400), gives its key back.
 */
export async function runOnce(
  api: ApiDependencies,
  request: IdempotentRequest,
  run: (keepAnswer: KeepAnswer) => Promise<Reply>,
): Promise<Reply> {
  const slot = { accountId: request.caller.accountId, key: checkedKey(request.key) };
  const state = await idempotencyKeys.begin(api.store.db, { ...slot, requestHash: hashOf(request) });
  switch (state.kind) {
    case 'new':
      return runAndKeep(api, { ...request, ...slot }, () =>
        run((trx, reply) => idempotencyKeys.finish(trx, { ...slot, ...keptOf(request, reply) })),
      );
    case 'answered':
      return replay(state, request.showsSecret);
    case 'under_way':
      throw conflict(`a request with Idempotency-Key ${slot.key} is still under way`);
    case 'different_request':
      throw new AppError(
        'IDEMPOTENCY_KEY_REUSED',
        `Idempotency-Key ${slot.key} was used for a different request`,
      );
  }
}

type KeptRequest = IdempotentRequest & { accountId: string };

async function runAndKeep(
  api: ApiDependencies,
  request: KeptRequest,
  run: () => Promise<Reply>,
): Promise<Reply> {
  try {
    const reply = await run();
    await keep(api, request, keptOf(request, reply));
    return reply;
  } catch (error) {
    const appError = toAppError(error);
    if (givesKeyBack(appError.code)) await giveBack(api, request);
    else await keep(api, request, errorReply(appError, request.caller.requestId));
    throw error;
  }
}

/** Of an answer that shows a secret nothing but the status. */
function keptOf({ showsSecret }: IdempotentRequest, { status, body }: Reply): Pick<Reply, 'status' | 'body'> {
  return { status, body: showsSecret ? null : body };
}

function givesKeyBack(code: ErrorCode): boolean {
  return code === 'VALIDATION_ERROR' || ERROR_KINDS[code].status >= 500;
}

/** What was done is done: if its answer can't be kept, the key counts as under way until the store gives it up. */
async function keep(
  api: ApiDependencies,
  { accountId, key, caller }: KeptRequest,
  { status, body }: Pick<Reply, 'status' | 'body'>,
): Promise<void> {
  await loggingFailure(api, caller, idempotencyKeys.finish(api.store.db, { accountId, key, status, body }));
}

async function giveBack(api: ApiDependencies, { accountId, key, caller }: KeptRequest): Promise<void> {
  await loggingFailure(api, caller, idempotencyKeys.abandon(api.store.db, { accountId, key }));
}

async function loggingFailure(api: ApiDependencies, caller: Caller, write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (error) {
    api.logger.warn('idempotency key not updated', { error, request_id: caller.requestId });
  }
}

/** Of an answer that showed a secret only the status was kept. */
function replay({ status, body }: { status: number; body: JsonValue }, showsSecret: boolean): Reply {
  if (showsSecret && body === null) {
    throw conflict('this request has been answered; the secret in its answer is shown only once');
  }
  return { status, body, headers: { 'Idempotency-Replayed': 'true' } };
}

function checkedKey(key: string): string {
  const trimmed = key.trim();
  if (trimmed.length > 0 && trimmed.length <= LONGEST_KEY) return trimmed;
  const message = `Idempotency-Key must have 1 to ${LONGEST_KEY} characters, got ${trimmed.length}`;
  throw validationError(message, [{ field: 'Idempotency-Key', message }]);
}

function hashOf({ method, path, body }: IdempotentRequest): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([method, path, body]))
    .digest();
}
