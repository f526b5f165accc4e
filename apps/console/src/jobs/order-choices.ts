import { ALL_JOBS, type JobsView } from './jobs-view.ts';

type Order = Pick<JobsView, 'sort' | 'order'>;

interface OrderChoice extends Order {
  label: string;
}

/** The orders under names of their own: those of the table's headings, and by age. */
const CHOICES: readonly OrderChoice[] = [
  { sort: 'created_at', order: 'desc', label: 'Newest first' },
  { sort: 'created_at', order: 'asc', label: 'Oldest first' },
  { sort: 'name', order: 'asc', label: 'Name, A to Z' },
  { sort: 'name', order: 'desc', label: 'Name, Z to A' },
  { sort: 'next_run', order: 'asc', label: 'Next run first' },
  { sort: 'next_run', order: 'desc', label: 'Next run last' },
  { sort: 'last_run', order: 'desc', label: 'Last run first' },
  { sort: 'last_run', order: 'asc', label: 'Last run last' },
  { sort: 'run_count', order: 'desc', label: 'Most runs first' },
  { sort: 'run_count', order: 'asc', label: 'Fewest runs first' },
];

/** For a list to choose from. */
export const ORDER_CHOICES = CHOICES.map((choice) => ({ value: nameOf(choice), label: choice.label }));

export function nameOf({ sort, order }: Order): string {
  return `${sort} ${order}`;
}

/** The order of that name; the newest first if there is none. */
export function orderNamed(name: string): Order {
  const { sort, order } = CHOICES.find((choice) => nameOf(choice) === name) ?? ALL_JOBS;
  return { sort, order };
}
