import { AppError } from './app-error.ts';

/** The AppError that an action throws; a failure if it throws nothing or anything else. */
export function refusalOf(action: () => unknown): AppError {
  try {
    action();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw new Error('not an AppError', { cause: error });
  }
  throw new Error('nothing was refused');
}
