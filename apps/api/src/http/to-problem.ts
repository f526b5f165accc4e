import type { Problem } from '@automation/domain';
import type { ValidationErrorItem } from 'joi';

const LONGEST_SHOWN = 100;

/** A fault that joi found, in words that name the field and the value (SPEC 5). */
export function toProblem({ type, path, message, context }: ValidationErrorItem, part: string): Problem {
  const field = path.length === 0 ? part : shorten(path.join('.'));
  const value: unknown = context?.value;
  switch (type) {
    case 'any.required':
      return { field, message: `required: ${field}` };
    // These name the value by themselves, and the seed's among them are word for word.
    case 'string.empty':
    case 'schedule.invalid':
      return { field, message };
    case 'object.base':
      // joi has no name for the whole body.
      return { field, message: `${field} must be of type object${got(type, value)}` };
    case 'object.unknown':
      return { field, message: `unknown ${part === 'query' ? 'parameter' : 'field'}: ${field}` };
    default:
      return { field, message: `${message}${got(type, value)}` };
  }
}

function got(type: string, value: unknown): string {
  // That it is an object is worth saying only if that is what is wrong.
  if (typeof value !== 'object' || value === null)
    return `, got ${shorten(JSON.stringify(value) ?? 'nothing')}`;
  if (!type.endsWith('.base')) return '';
  return Array.isArray(value) ? ', got an array' : ', got an object';
}

function shorten(text: string): string {
  const characters = Array.from(text);
  return characters.length <= LONGEST_SHOWN ? text : `${characters.slice(0, LONGEST_SHOWN).join('')}…`;
}
