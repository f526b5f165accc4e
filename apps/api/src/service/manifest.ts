import { JOB_STATUS_CODES } from '@automation/domain';

/** What the service says of itself beside its limits: the seed's manifest, word for word, and the codes of its contract. */
export const MANIFEST = {
  id: 'com.r3e.services.automation',
  version: '1.0.0',
  layer: 'service',
  name: 'automation',
  description: 'Automation jobs and schedulers',
  depends_on: ['store', 'svc-accounts', 'svc-functions'],
  requires_apis: ['store', 'event', 'compute'],
  capabilities: ['automation'],
  job_status_codes: JOB_STATUS_CODES,
};
