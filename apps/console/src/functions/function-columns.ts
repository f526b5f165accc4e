import type { FunctionSort } from './function-row.ts';

/** The columns of the table of functions, in their order. */
export const FUNCTION_COLUMNS: readonly { by: FunctionSort; label: string; isNumber?: boolean }[] = [
  { by: 'name', label: 'Function' },
  { by: 'failing', label: 'Failing' },
  { by: 'p50', label: 'p50', isNumber: true },
  { by: 'p95', label: 'p95', isNumber: true },
  { by: 'waiting', label: 'Waiting' },
  { by: 'last_failure', label: 'Last failure' },
];
