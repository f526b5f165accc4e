import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { useApi } from '../api/api-context.ts';
import { retryAfterOf } from '../api/api-error.ts';
import type { Tagged } from '../api/api.ts';
import type { Job } from '../api/job.ts';
import { KEPT_FOR_FORMS_MS } from '../api/query-client.ts';
import { queryKeys } from '../api/query-keys.ts';
import { useLiveState } from '../live/live-context.ts';
import { untilNextLook } from './until-next-look.ts';

/** A job together with its ETag. It is read again as soon as its next run is due, which is when it changes. */
export function useJob(id: string): UseQueryResult<Tagged<Job>> {
  const api = useApi();
  const live = useLiveState();
  return useQuery({
    queryKey: queryKeys.jobDetail(id),
    queryFn: ({ signal }) => api.getTagged<Job>(`/automation/jobs/${encodeURIComponent(id)}`, signal),
    gcTime: KEPT_FOR_FORMS_MS,
    refetchInterval: ({ state: { data, error } }) => {
      const wait = untilNextLook(data?.value.next_run ?? null, { now: Date.now(), pollMs: live.pollMs() });
      return Math.max(wait, retryAfterOf(error));
    },
  });
}
