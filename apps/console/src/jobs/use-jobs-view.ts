import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

import { type JobsView, paramsOf, readView } from './jobs-view.ts';

/** The view that the address of the page asks for, and the way to change it. */
export function useJobsView(): [JobsView, (change: Partial<JobsView>) => void] {
  const [params, setParams] = useSearchParams();
  const view = useMemo(() => readView(params), [params]);
  const change = useCallback(
    // A view is no page: the way back leads to where one came from.
    (changes: Partial<JobsView>) =>
      setParams((now) => paramsOf({ ...readView(now), ...changes }), { replace: true }),
    [setParams],
  );
  return [view, change];
}
