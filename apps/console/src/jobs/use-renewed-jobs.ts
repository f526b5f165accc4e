import { useQuery, useQueryClient } from '@tanstack/react-query';

import { useApi } from '../api/api-context.ts';
import type { Job } from '../api/job.ts';
import { queryKeys } from '../api/query-keys.ts';
import { type JobPages, withJobs } from './job-pages.ts';

/** The most that the api answers by their ids. */
export const MOST_IDS = 100;

/** Reads jobs again, and shows them in the lists that have them, where they stand there. */
export function useRenewedJobs(ids: string, isEnabled: boolean): void {
  const api = useApi();
  const queries = useQueryClient();
  useQuery({
    queryKey: queryKeys.shownJobs(ids),
    queryFn: async ({ signal }) => {
      const { items } = await api.list<Job>('/automation/jobs', { ids, limit: MOST_IDS }, signal);
      queries.setQueriesData<JobPages>(
        { queryKey: queryKeys.jobLists() },
        (pages) => pages && withJobs(pages, items),
      );
      return items;
    },
    enabled: isEnabled && ids !== '',
  });
}
