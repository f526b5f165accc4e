import type { QueryKey } from '@tanstack/react-query';

import { queryKeys } from '../api/query-keys.ts';
import type { ServiceEvent } from './service-event.ts';

/** What has to be read again after an event. */
export function staleKeys({ type, job_id: jobId, execution_id: executionId }: ServiceEvent): QueryKey[] {
  // Events are gone that could have told of anything.
  if (type === 'events.gap') return [[]];
  return [
    queryKeys.jobs(),
    ...(jobId === undefined ? [] : [queryKeys.job(jobId)]),
    ...(executionId === undefined ? [] : [queryKeys.execution(executionId), queryKeys.recentExecutions()]),
  ];
}
