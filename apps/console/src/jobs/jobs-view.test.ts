import { ALL_JOBS, isFiltered, type JobsView, paramsOf, readView, searchOf } from './jobs-view.ts';

const VIEW: JobsView = { q: 'a & b', status: 'paused', functionId: 'f-1', sort: 'next_run', order: 'asc' };

test('a view is found again in its address', () => {
  expect(paramsOf(VIEW).toString()).toBe('q=a+%26+b&status=paused&function_id=f-1&sort=next_run&order=asc');
  expect(readView(paramsOf(VIEW))).toEqual(VIEW);
});

test('all jobs, the newest first, need no words in the address', () => {
  expect(paramsOf(ALL_JOBS).toString()).toBe('');
  expect(readView(new URLSearchParams())).toEqual(ALL_JOBS);
});

test('what an address says wrong counts as not said', () => {
  expect(readView(new URLSearchParams('status=done&sort=size&order=up'))).toEqual(ALL_JOBS);
});

test('the api is asked for the filters and the order', () => {
  expect(searchOf(VIEW)).toEqual({
    q: 'a & b',
    status: 'paused',
    function_id: 'f-1',
    sort: 'next_run',
    order: 'asc',
  });
});

test('an order alone leaves no job out', () => {
  expect(isFiltered({ ...ALL_JOBS, sort: 'name' })).toBe(false);
  expect(isFiltered({ ...ALL_JOBS, status: 'paused' })).toBe(true);
});
