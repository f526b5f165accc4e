import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';

import type { Job } from '../api/job.ts';
import { queryKeys } from '../api/query-keys.ts';

/** Has the executions and the runs to come of a job read again when its counts or its next run say that there is news. */
export function useFollowRuns({ id, next_run: nextRun, check_count: checks, run_count: runs }: Job): void {
  const queries = useQueryClient();
  const news = [id, nextRun, checks, runs].join();
  const seen = useRef(news);
  useEffect(() => {
    if (seen.current === news) return;
    seen.current = news;
    void queries.invalidateQueries({ queryKey: queryKeys.jobRecentExecutions(id) });
    void queries.invalidateQueries({ queryKey: queryKeys.jobUpcoming(id) });
  }, [queries, id, news]);
}
