import {
  type Query,
  type QueryKey,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
  keepPreviousData,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';

import { useApi } from '../api/api-context.ts';
import type { Job } from '../api/job.ts';
import type { Page } from '../api/next-page.ts';
import { queryKeys } from '../api/query-keys.ts';
import { firstPages, type JobPages } from './job-pages.ts';
import { type JobsView, searchOf } from './jobs-view.ts';

const PAGE_SIZE = 200;
const PAGES_READ_AGAIN = 2;

/** The jobs of a view, page by page. */
export function useJobList(view: JobsView): UseInfiniteQueryResult<JobPages> {
  const api = useApi();
  const search = useMemo(() => ({ ...searchOf(view), limit: PAGE_SIZE }), [view]);
  const queryKey = useMemo(() => queryKeys.jobList(search), [search]);
  useForgetting(queryKey);
  return useInfiniteQuery<Page<Job>, Error, JobPages, QueryKey, string | null>({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      pageParam === null
        ? api.list<Job>('/automation/jobs', search, signal)
        : api.list<Job>(pageParam, {}, signal),
    initialPageParam: null,
    getNextPageParam: ({ next }) => next,
    // While one types, what was found before stays.
    placeholderData: keepPreviousData,
    enabled: isShort,
  });
}

/** A long list is not read again as a whole, which would take a request for each of its pages: what is in view is, by itself. */
export function isLong(pages: JobPages | undefined): boolean {
  return (pages?.pages.length ?? 0) > PAGES_READ_AGAIN;
}

function isShort({ state }: Query<Page<Job>, Error, JobPages>): boolean {
  return !isLong(state.data);
}

/** Keeps no more than the beginning of a list that is left, so that it is read again when one comes back. */
function useForgetting(queryKey: QueryKey): void {
  const queries = useQueryClient();
  useEffect(
    () => () =>
      void queries.setQueryData<JobPages>(queryKey, (pages) => pages && firstPages(pages, PAGES_READ_AGAIN)),
    [queries, queryKey],
  );
}
