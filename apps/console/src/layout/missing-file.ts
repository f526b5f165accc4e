/** What browsers say of a part of the program that could not be loaded; there is no code for it. */
const WORDS = [
  'Failed to fetch dynamically imported module',
  'error loading dynamically imported module',
  'Importing a module script failed',
  'Unable to preload CSS',
];

/** Whether an error tells that a part of the console could not be loaded, as after an update of the service. */
export function isMissingFile(error: unknown): boolean {
  return error instanceof Error && WORDS.some((words) => error.message.includes(words));
}
