import { type InfiniteData, replaceEqualDeep } from '@tanstack/react-query';

import type { Job } from '../api/job.ts';
import type { Page } from '../api/next-page.ts';

/** A list of jobs, as far as it has been read. Each page but the first is known by the path that led to it. */
export type JobPages = InfiniteData<Page<Job>, string | null>;

/** The jobs of all pages. One that has moved between two reads may be on two of them. */
export function jobsOf(pages: JobPages | undefined): Job[] {
  const byId = new Map<string, Job>();
  for (const job of pages?.pages.flatMap(({ items }) => items) ?? []) byId.set(job.id, job);
  return [...byId.values()];
}

/** The pages with jobs as they are now, each where it stood. What has not changed stays the same object. */
export function withJobs(pages: JobPages, jobs: readonly Job[]): JobPages {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const renewed = pages.pages.map((page) =>
    page.items.some(({ id }) => byId.has(id))
      ? { ...page, items: page.items.map((job) => replaceEqualDeep(job, byId.get(job.id) ?? job)) }
      : page,
  );
  return { ...pages, pages: renewed };
}

/** The beginning of a list, to be kept while another page is open. */
export function firstPages(pages: JobPages, count: number): JobPages {
  return { pages: pages.pages.slice(0, count), pageParams: pages.pageParams.slice(0, count) };
}
