import type { AutomationFunction } from '@automation/domain';

/** What an invocation needs of a function. */
export type ListedFunction = Pick<AutomationFunction, 'url' | 'headers' | 'timeoutSeconds'> & {
  /** Each of them signs; newest first. */
  secrets: string[];
};

/**
 * Knows the functions that an external service keeps: the manifest's svc-functions (SPEC 5). The built-in ones need none:
 * whatever reads or writes a job's function joins their table in the same statement.
 */
export interface FunctionDirectory {
  /** The account's function of that id. Throws UNAVAILABLE if the service can't be asked. */
  find(accountId: string, id: string): Promise<ListedFunction | undefined>;
}
