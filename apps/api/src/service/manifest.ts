import { JOB_STATUS_CODES } from '@automation/domain';

/** What the service says of itself: the seed's manifest, word for word, and the codes of its contract. */
export const MANIFEST = {
  id: 'com.r3e.services.automation',
  version: '1.0.0',
  layer: 'service',
  name: 'automation',
  description: 'Automation jobs and schedulers',
  depends_on: ['store', 'svc-accounts', 'svc-functions'],
  requires_apis: ['store', 'event', 'compute'],
  capabilities: ['automation'],
  resources: {
    max_storage_bytes: 314_572_800,
    max_concurrent_requests: 1_000,
    max_requests_per_second: 5_000,
    max_events_per_second: 1_000,
  },
  job_status_codes: JOB_STATUS_CODES,
};
