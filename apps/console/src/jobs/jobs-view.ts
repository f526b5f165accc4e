import type { Search, SortOrder } from '../api/search.ts';
import type { JobStatus } from '../api/job.ts';

export const JOB_SORTS = ['created_at', 'name', 'next_run', 'last_run', 'run_count'] as const;
export type JobSort = (typeof JOB_SORTS)[number];

const STATUSES: readonly JobStatus[] = ['active', 'paused', 'completed'];

/** Which jobs are shown, and in which order. An empty text is no filter. */
export interface JobsView {
  q: string;
  status: JobStatus | '';
  functionId: string;
  sort: JobSort;
  order: SortOrder;
}

/** All jobs, the newest first. */
export const ALL_JOBS: JobsView = { q: '', status: '', functionId: '', sort: 'created_at', order: 'desc' };

/** The view that an address asks for. What it says wrong counts as not said. */
export function readView(params: URLSearchParams): JobsView {
  return {
    q: params.get('q') ?? '',
    status: STATUSES.find((status) => status === params.get('status')) ?? '',
    functionId: params.get('function_id') ?? '',
    sort: JOB_SORTS.find((sort) => sort === params.get('sort')) ?? ALL_JOBS.sort,
    order: params.get('order') === 'asc' ? 'asc' : 'desc',
  };
}

/** The view in the words of the api, which are those of the address as well. */
export function searchOf({ q, status, functionId, sort, order }: JobsView): Search {
  return { q, status, function_id: functionId, sort, order };
}

/** The address of a view: it says no more than what differs from all jobs. */
export function paramsOf(view: JobsView): URLSearchParams {
  const usual = searchOf(ALL_JOBS);
  const given = Object.entries(searchOf(view)).filter(([name, value]) => value !== usual[name]);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}

/** Whether some jobs are left out. */
export function isFiltered({ q, status, functionId }: JobsView): boolean {
  return q !== '' || status !== '' || functionId !== '';
}
