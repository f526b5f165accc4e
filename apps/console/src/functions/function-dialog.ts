import type { AutomationFunction } from '../api/automation-function.ts';
import type { FunctionWithSecret } from './use-function-changes.ts';

/** What is asked or told above the pages of functions; null if nothing is. */
export type FunctionDialog =
  | { kind: 'create' }
  | { kind: 'edit'; fn: AutomationFunction }
  | { kind: 'rotate'; fn: AutomationFunction }
  | { kind: 'delete'; fn: AutomationFunction }
  | {
      kind: 'secret';
      fn: FunctionWithSecret;
      /** How long the secret before it signs as well, in seconds; null: there was none. */
      overlapSeconds: number | null;
    };
