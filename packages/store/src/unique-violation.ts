import { duplicateName } from '@automation/domain';
import { DatabaseError } from 'pg';

const UNIQUE_VIOLATION = '23505';

/** Turns a violation of the named unique index into the seed's duplicate-name error; others pass through. */
export async function mapUniqueViolation<T>(write: Promise<T>, index: string, name: string): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === UNIQUE_VIOLATION && error.constraint === index) {
      throw duplicateName(name);
    }
    throw error;
  }
}
