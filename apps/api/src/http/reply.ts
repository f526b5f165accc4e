import type { JsonValue } from '@automation/domain';
import type { Transaction } from '@automation/store';
import type { Response } from 'express';

/** What a route answers; `send-reply.ts` alone writes it to the response. */
export interface Reply {
  status: number;
  body: JsonValue;
  headers?: Record<string, string>;
}

/** An answer that goes on for as long as its client listens: it is handed the response. Throws an AppError if it can't be given. */
export interface StreamReply {
  stream: (response: Response) => void;
}

/**
 * Keeps the answer under the request's Idempotency-Key in the transaction that does the work: a repeat of the request gets
 * it though nobody may have heard that the work was done.
 */
export type KeepAnswer = (trx: Transaction, reply: Reply) => Promise<void>;

export function ok(body: JsonValue, headers: Record<string, string> = {}): Reply {
  return { status: 200, body, headers };
}

/** 201 with the address of what was made. */
export function created(body: JsonValue, location: string, headers: Record<string, string> = {}): Reply {
  return { status: 201, body, headers: { ...headers, Location: location } };
}

/** 202 with the address under which the work can be followed. */
export function accepted(body: JsonValue, location: string): Reply {
  return { status: 202, body, headers: { Location: location } };
}
