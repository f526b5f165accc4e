/** What can be done by a key, or by keys one after the other. */
export const SHORTCUTS = [
  { keys: 'g j', label: 'Go to the jobs' },
  { keys: 'g f', label: 'Go to the functions' },
  { keys: 'g o', label: 'Go to the overview' },
  { keys: 'n', label: 'New job' },
  { keys: '/', label: 'Search' },
  { keys: '?', label: 'Show this list' },
] as const;

export type Shortcut = (typeof SHORTCUTS)[number]['keys'];
