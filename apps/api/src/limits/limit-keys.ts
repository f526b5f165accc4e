import { isIP } from 'node:net';

import type { ResourceConfig } from '@automation/service-kit';
import Joi from 'joi';

/** What one replica of the api takes on, and what accounts may have. */
export interface OwnLimitConfig {
  readonly MAX_REQUESTS_PER_SECOND: number;
  readonly MAX_CONCURRENT_REQUESTS: number;
  readonly ACCOUNT_REQUESTS_PER_SECOND: number;
  readonly ACCOUNT_CONCURRENT_REQUESTS: number;
  /** That its changes may bring. */
  readonly ACCOUNT_BYTES_PER_DAY: number;
  /** Of those without a valid credential. */
  readonly ADDRESS_REQUESTS_PER_SECOND: number;
  /** Of the console and /docs, which a page loads some dozens of. */
  readonly ADDRESS_FILES_PER_SECOND: number;
  readonly MAX_JOBS_PER_ACCOUNT: number;
  /** Whose X-Forwarded-For says which address a request comes from. */
  readonly TRUSTED_PROXIES: readonly string[];
}

export type LimitConfig = OwnLimitConfig & ResourceConfig;

const HIGHEST = 1_000_000;

/** Settings of the api's limits; those of the whole service are the seed's (SPEC 5). */
export const limitKeys: Record<keyof OwnLimitConfig, Joi.Schema> = {
  MAX_REQUESTS_PER_SECOND: upTo(HIGHEST).default(5_000),
  MAX_CONCURRENT_REQUESTS: upTo(HIGHEST).default(1_000),
  ACCOUNT_REQUESTS_PER_SECOND: upTo(HIGHEST).default(500),
  ACCOUNT_CONCURRENT_REQUESTS: upTo(HIGHEST).default(100),
  ACCOUNT_BYTES_PER_DAY: upTo(1_000_000_000_000).default(1_073_741_824),
  ADDRESS_REQUESTS_PER_SECOND: upTo(HIGHEST).default(100),
  ADDRESS_FILES_PER_SECOND: upTo(HIGHEST).default(500),
  MAX_JOBS_PER_ACCOUNT: upTo(1_000_000_000).default(10_000),
  TRUSTED_PROXIES: Joi.string().custom(readNetworks).default([]),
};

function upTo(highest: number): Joi.NumberSchema {
  return Joi.number().integer().min(1).max(highest);
}

function readNetworks(text: string, helpers: Joi.CustomHelpers): string[] | Joi.ErrorReport {
  const networks = text.split(',').map((network) => network.trim());
  if (networks.every(isNetwork)) return networks;
  return helpers.message({
    custom: 'must be addresses or networks with commas between them, such as 10.0.0.0/8',
  });
}

function isNetwork(text: string): boolean {
  const [, address = '', bits = '0'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128);
}
