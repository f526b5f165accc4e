import { makeJob } from './job.fixture.ts';
import { firstPages, type JobPages, jobsOf, withJobs } from './job-pages.ts';

const pagesOf = (...pages: string[][]): JobPages => ({
  pages: pages.map((ids) => ({ items: ids.map((id) => makeJob({ id })), next: null })),
  pageParams: pages.map((_ids, place) => (place === 0 ? null : `/page-${place}`)),
});

test('a job that has moved from one page to the next is listed once', () => {
  expect(jobsOf(pagesOf(['a', 'b'], ['b', 'c'])).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(jobsOf(undefined)).toEqual([]);
});

test('a job that has changed is shown where it stood, and nothing else is made anew', () => {
  const before = pagesOf(['a', 'b'], ['c']);
  const after = withJobs(before, [makeJob({ id: 'b', status: 'paused' }), makeJob({ id: 'a' })]);
  expect(jobsOf(after).map(({ status }) => status)).toEqual(['active', 'paused', 'active']);
  expect(jobsOf(after)[0]).toBe(jobsOf(before)[0]);
  expect(after.pages[1]).toBe(before.pages[1]);
});

test('jobs that are not listed are not added', () => {
  expect(jobsOf(withJobs(pagesOf(['a']), [makeJob({ id: 'z' })])).map(({ id }) => id)).toEqual(['a']);
});

test('of a long list the beginning is kept', () => {
  const kept = firstPages(pagesOf(['a'], ['b'], ['c']), 2);
  expect(jobsOf(kept).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(kept.pageParams).toEqual([null, '/page-1']);
});
