import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { useApi } from '../api/api-context.ts';
import type { Execution, RecentExecution } from '../api/execution.ts';
import { itemsOf, type Page } from '../api/next-page.ts';
import { queryKeys } from '../api/query-keys.ts';
import { countNewer, type ExecutionRow, rowOf, withRecents } from './execution-row.ts';

const PAGE_SIZE = 50;

export interface ExecutionPages {
  /** Undefined until they are read. */
  rows: ExecutionRow[] | undefined;
  error: Error | null;
  /** How many there are by now that are newer than those shown. */
  newer: number;
  isReadingMore: boolean;
  /** Undefined after the last page. */
  readMore: (() => void) | undefined;
  /** Begins again with the newest. */
  readNewest: () => void;
}

/**
 * A job's executions, page by page. The first page follows what happens; once there are more, rows stay where they are, and
 * it is told how many newer ones there are.
 */
export function useExecutionPages(
  jobId: string,
  status: string,
  recents: readonly RecentExecution[],
): ExecutionPages {
  const api = useApi();
  const queries = useQueryClient();
  const queryKey = queryKeys.jobExecutionPages(jobId, { status });
  const query = useInfiniteQuery<
    Page<Execution>,
    Error,
    InfiniteData<Page<Execution>>,
    readonly unknown[],
    string | null
  >({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      pageParam === null
        ? api.list<Execution>(`/automation/jobs/${jobId}/executions`, { status, limit: PAGE_SIZE }, signal)
        : api.list<Execution>(pageParam, {}, signal),
    initialPageParam: null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: false,
  });
  const { data, refetch } = query;
  const isFollowing = data !== undefined && data.pages.length === 1;
  const news = recents.map(({ id, status: current }) => `${id} ${current}`).join();
  useEffect(() => {
    if (isFollowing) void refetch();
    // What is new is a reason to read again; being read is none.
  }, [news, isFollowing, refetch]);
  const rows = data === undefined ? undefined : withRecents(itemsOf(data.pages).map(rowOf), recents);
  return {
    rows,
    error: query.error,
    newer: isFollowing || rows === undefined ? 0 : countNewer(rows, recents),
    isReadingMore: query.isFetchingNextPage,
    readMore: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
    readNewest: () => void queries.resetQueries({ queryKey, exact: true }),
  };
}
