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
  'address_requests',
] as const;

export type RequestLimit = (typeof REQUEST_LIMITS)[number];

export interface Exchange {
  request: Request;
  response: Response;
}

/** What is refused is not the client's to know, or no credential at all. */
const REFUSALS = new Set(['UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND']);
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
  readonly #visitors: RateLimit;
  readonly #badKeys: RateLimit;
  readonly #badTokens: RateLimit;
  readonly #underWay: ConcurrencyLimit;
  readonly #underWayByAccount: ConcurrencyLimit;
  readonly #valid = new ValidCredentials();

  constructor(config: OwnLimitConfig, onRefused: (limit: RequestLimit) => void) {
    this.#config = config;
    this.#onRefused = onRefused;
    this.#service = new RateLimit('service', config.MAX_REQUESTS_PER_SECOND);
    this.#accounts = new RateLimit('account', config.ACCOUNT_REQUESTS_PER_SECOND);
    this.#visitors = new RateLimit('address', config.ADDRESS_REQUESTS_PER_SECOND);
    this.#badKeys = new RateLimit('address', config.ADDRESS_REQUESTS_PER_SECOND);
    this.#badTokens = new RateLimit('address', config.ADDRESS_REQUESTS_PER_SECOND);
    this.#underWay = new ConcurrencyLimit(config.MAX_CONCURRENT_REQUESTS);
    this.#underWayByAccount = new ConcurrencyLimit(config.ACCOUNT_CONCURRENT_REQUESTS);
  }

  /** Serves one of the requests that may be under way at the same time. Throws UNAVAILABLE if there are too many. */
  async underWay<T>(serve: () => Promise<T>): Promise<T> {
    return this.#underWay.run(ALL, () => this.#busy(), serve);
  }

  /** Counts a request for what anyone may read. Throws RATE_LIMITED. */
  async ofVisitor({ request, response }: Exchange): Promise<void> {
    const { isAllowed } = await this.#visitors.take(addressOf(request));
    if (!isAllowed) throw this.#tooManyOfAddress(response);
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

  async #countForService(response: Response): Promise<void> {
    const allowance = await this.#service.take(ALL);
    if (allowance.isAllowed) return;
    response.set(this.#service.headers(allowance));
    const most = this.#config.MAX_REQUESTS_PER_SECOND;
    throw this.#refused('requests', `more than ${most} requests in a second`);
  }

  #tooManyOfAddress(response: Response): AppError {
    response.set(this.#visitors.headers({ remaining: 0 }));
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

  #refused(limit: RequestLimit, what: string): AppError {
    this.#onRefused(limit);
    return new AppError('RATE_LIMITED', `${what}, try again later`);
  }

  #busy(): AppError {
    this.#onRefused('concurrent_requests');
    const most = this.#config.MAX_CONCURRENT_REQUESTS;
    return new AppError('UNAVAILABLE', `more than ${most} requests at the same time, try again`);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof AppError && REFUSALS.has(error.code);
}

function addressOf(request: Request): string {
  return clientNetwork(clientAddressOf(request) ?? 'unknown');
}
