import { QUEUE_SCHEMA } from '@automation/queue';
import { type Database, measureStorage } from '@automation/store';

import type { ApiMetrics } from '../metrics.ts';
import type { LimitConfig } from './limit-keys.ts';
import { RequestLimits } from './request-limits.ts';
import { StorageQuota } from './storage-quota.ts';

/** The limits of SPEC 5, as this replica keeps them. */
export interface Limits {
  requests: Pick<RequestLimits, keyof RequestLimits>;
  storage: Pick<StorageQuota, 'requireRoom'>;
  jobsPerAccount: number;
  trustedProxies: readonly string[];
  /** As GET /manifest shows them. */
  resources: Record<
    'max_storage_bytes' | 'max_concurrent_requests' | 'max_requests_per_second' | 'max_events_per_second',
    number
  >;
}

interface LimitContext {
  db: Database;
  metrics: Pick<ApiMetrics, 'requestLimited'>;
}

export function createLimits(config: LimitConfig, { db, metrics }: LimitContext): Limits {
  const measureDefinitions = async () => (await measureStorage(db, QUEUE_SCHEMA)).definitions;
  return {
    requests: new RequestLimits(config, (limit) => metrics.requestLimited(limit)),
    storage: new StorageQuota(config.MAX_STORAGE_BYTES, measureDefinitions),
    jobsPerAccount: config.MAX_JOBS_PER_ACCOUNT,
    trustedProxies: config.TRUSTED_PROXIES,
    resources: {
      max_storage_bytes: config.MAX_STORAGE_BYTES,
      max_concurrent_requests: config.MAX_CONCURRENT_REQUESTS,
      max_requests_per_second: config.MAX_REQUESTS_PER_SECOND,
      max_events_per_second: config.MAX_EVENTS_PER_SECOND,
    },
  };
}
