import type { FunctionDirectory } from '@automation/directory';
import { AppError } from '@automation/domain';
import type { LeasedExecution } from '@automation/store';

/** An execution with its function as an external service knows it (SPEC 5); null if the service can't be asked now. */
export async function locateFunction<Leased extends LeasedExecution>(
  functions: FunctionDirectory,
  execution: Leased,
): Promise<Leased | null> {
  try {
    const fn = await functions.find(execution.accountId, execution.functionId);
    if (fn === undefined) return { ...execution, url: null, headers: null, secrets: null };
    const { url, headers, secrets } = fn;
    const timeoutSeconds = execution.jobTimeoutSeconds ?? fn.timeoutSeconds;
    return { ...execution, url, headers, secrets, timeoutSeconds };
  } catch (error) {
    if (error instanceof AppError && error.code === 'UNAVAILABLE') return null;
    throw error;
  }
}
