import { AppError } from '@automation/domain';
import type { Request, Response } from 'express';

import { clientAddressOf } from '../http/client-address.ts';
import { clientNetwork } from './client-network.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';
import type { OwnLimitConfig } from './limit-keys.ts';
import { RateLimit } from './rate-limit.ts';
import { ValidCredentials } from './valid-credentials.ts';

/** The limits of requests, as the metric names them. */
export const REQUEST_LIMITS = [
  'requests',
  'concurrent_requests',
  'account_requests',
  'account_concurrent_requests',
  'account_bytes',
  'address_requests',
  'address_files',
  'service_audits',
] as const;

export type RequestLimit = (typeof REQUEST_LIMITS)[number];

export interface Exchange {
  request: Request;
  response: Response;
}

/** What is refused is not the client's to know, or no credential at all. */
const REFUSALS = new Set(['UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND']);
const DAY_SECONDS = 86_400;
/** What a change leaves behind beside its body, about: an entry of the audit log, an event, an answer kept for repeats. */
const BYTES_OF_CHANGE = 1_024;
/** Of a body that doesn't say how large it is. */
const LARGEST_BODY = 262_144;
/** Each may read the whole history, and has a connection to the database meanwhile. */
const MOST_SERVICE_AUDITS = 2;
/** All requests together are counted under it. */
const ALL = '';

/**
 * The limits of requests to this replica (SPEC 5). An account's flood uses up nothing of what others may do: what is refused
 * for it is not counted for the service. Refusals come before the body is read.
 */
export class RequestLimits {
  readonly #config: OwnLimitConfig;
  readonly #onRefused: (limit: RequestLimit) => void;
  readonly #service: RateLimit;
  readonly #accounts: RateLimit;
  readonly #accountBytes: RateLimit;
  readonly #visitors: RateLimit;
  readonly #files: RateLimit;
  readonly #badKeys: RateLimit;
  readonly #badTokens: RateLimit;
  readonly #underWay: ConcurrencyLimit;
  readonly #underWayByAccount: ConcurrencyLimit;
  readonly #serviceAudits = new ConcurrencyLimit(MOST_SERVICE_AUDITS);
  readonly #valid = new ValidCredentials();

  constructor(config: OwnLimitConfig, onRefused: (limit: RequestLimit) => void) {
    this.#config = config;
    this.#onRefused = onRefused;
    this.#service = new RateLimit('service', config.MAX_REQUESTS_PER_SECOND);
    this.#accounts = new RateLimit('account', config.ACCOUNT_REQUESTS_PER_SECOND);
    this.#accountBytes = new RateLimit('account-bytes', config.ACCOUNT_BYTES_PER_DAY, DAY_SECONDS);
    this.#visitors = new RateLimit('address', config.ADDRESS_REQUESTS_PER_SECOND);
    this.#files = new RateLimit('files', config.ADDRESS_FILES_PER_SECOND);
    this.#badKeys = new RateLimit('address', config.ADDRESS_REQUESTS_PER_SECOND);
    this.#badTokens = new RateLimit('address', config.ADDRESS_REQUESTS_PER_SECOND);
    this.#underWay = new ConcurrencyLimit(config.MAX_CONCURRENT_REQUESTS);
    this.#underWayByAccount = new ConcurrencyLimit(config.ACCOUNT_CONCURRENT_REQUESTS);
  }

  /** Serves one of the requests that may be under way at the same time. Throws UNAVAILABLE if there are too many. */
  async underWay<T>(serve: () => Promise<T>): Promise<T> {
    const most = `${this.#config.MAX_CONCURRENT_REQUESTS} requests`;
    return this.#underWay.run(ALL, () => this.#busy('concurrent_requests', most), serve);
  }

  /** Does one of the audits of the whole service that may be under way at the same time. Throws UNAVAILABLE if there are too many. */
  async ofServiceAudit<T>(audit: () => Promise<T>): Promise<T> {
    const most = `${MOST_SERVICE_AUDITS} audits of the whole service`;
    return this.#serviceAudits.run(ALL, () => this.#busy('service_audits', most), audit);
  }

  /** Counts a request for what anyone may read. Throws RATE_LIMITED. */
  async ofVisitor({ request, response }: Exchange): Promise<void> {
    const { isAllowed } = await this.#visitors.take(addressOf(request));
    if (!isAllowed) throw this.#tooManyOfAddress(response);
  }

  /** Counts a request for a file of the console or /docs, of which a page loads some dozens. Throws RATE_LIMITED. */
  async ofFile({ request, response }: Exchange): Promise<void> {
    const allowance = await this.#files.take(addressOf(request));
    if (allowance.isAllowed) return;
    response.set(this.#files.headers(allowance));
    const most = this.#config.ADDRESS_FILES_PER_SECOND;
    throw this.#refused('address_files', `more than ${most} files in a second`);
  }

  /**
   * Finds out whose the request's credential is. Throws RATE_LIMITED if too many from its address were refused; one that was
   * valid the last time is looked at nevertheless, since there may be a crowd behind an address.
   */
  async authenticating<T>({ request, response }: Exchange, authenticate: () => Promise<T>): Promise<T> {
    const { headers } = request;
    if ((await this.#badKeys.isSpent(addressOf(request))) && !this.#valid.has(headers)) {
      throw this.#tooManyOfAddress(response);
    }
    try {
      const identity = await authenticate();
      this.#valid.add(headers);
      return identity;
    } catch (error) {
      if (isRefusal(error)) {
        this.#valid.delete(headers);
        await this.#badKeys.take(addressOf(request));
      }
      throw error;
    }
  }

  /** Serves a request that has no API key but a token of its own. Throws RATE_LIMITED. */
  async ofToken<T>({ request, response }: Exchange, serve: () => Promise<T>): Promise<T> {
    if (await this.#badTokens.isSpent(addressOf(request))) throw this.#tooManyOfAddress(response);
    await this.#countForService(response);
    try {
      return await serve();
    } catch (error) {
      if (isRefusal(error)) await this.#badTokens.take(addressOf(request));
      throw error;
    }
  }

  /** Serves a request of an account, and tells it what is left to it. Throws RATE_LIMITED. */
  async ofAccount<T>(accountId: string, response: Response, serve: () => Promise<T>): Promise<T> {
    const allowance = await this.#accounts.take(accountId);
    response.set(this.#accounts.headers(allowance));
    if (!allowance.isAllowed) {
      const most = this.#config.ACCOUNT_REQUESTS_PER_SECOND;
      throw this.#refused('account_requests', `more than ${most} requests of the account in a second`);
    }
    const tooMany = () => this.#tooManyUnderWay();
    return this.#underWayByAccount.run(accountId, tooMany, async () => {
      await this.#countForService(response);
      return serve();
    });
  }

  /**
   * Counts what a change of an account may have us keep: the audit log and the answers kept for repeats are dropped by their
   * age alone. Throws RATE_LIMITED.
   */
  async ofChange(accountId: string, { request, response }: Exchange): Promise<void> {
    const allowance = await this.#accountBytes.take(accountId, BYTES_OF_CHANGE + bodyBytesOf(request));
    if (allowance.isAllowed) return;
    response.set(this.#accountBytes.headers(allowance));
    const most = this.#config.ACCOUNT_BYTES_PER_DAY;
    const what = `more than ${most} bytes of the account's changes in a day`;
    throw this.#refused('account_bytes', what, allowance.resetSeconds);
  }

  async #countForService(response: Response): Promise<void> {
    const allowance = await this.#service.take(ALL);
    if (allowance.isAllowed) return;
    response.set(this.#service.headers(allowance));
    const most = this.#config.MAX_REQUESTS_PER_SECOND;
    throw this.#refused('requests', `more than ${most} requests in a second`);
  }

  #tooManyOfAddress(response: Response): AppError {
    response.set(this.#visitors.headers({ remaining: 0, resetSeconds: 1 }));
    const most = this.#config.ADDRESS_REQUESTS_PER_SECOND;
    return this.#refused(
      'address_requests',
      `more than ${most} requests without a valid credential in a second`,
    );
  }

  #tooManyUnderWay(): AppError {
    const most = this.#config.ACCOUNT_CONCURRENT_REQUESTS;
    return this.#refused(
      'account_concurrent_requests',
      `more than ${most} requests of the account at the same time`,
    );
  }

  #refused(limit: RequestLimit, what: string, retryAfterSeconds = 1): AppError {
    this.#onRefused(limit);
    return new AppError('RATE_LIMITED', `${what}, try again later`, { retryAfterSeconds });
  }

  #busy(limit: RequestLimit, most: string): AppError {
    this.#onRefused(limit);
    return new AppError('UNAVAILABLE', `more than ${most} at the same time, try again`);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof AppError && REFUSALS.has(error.code);
}

function bodyBytesOf({ headers }: Request): number {
  if (headers['transfer-encoding'] !== undefined) return LARGEST_BODY;
  return Math.min(Number(headers['content-length'] ?? 0), LARGEST_BODY);
}

function addressOf(request: Request): string {
  return clientNetwork(clientAddressOf(request) ?? 'unknown');
}
