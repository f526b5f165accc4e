import { instantText } from '@automation/domain';
import Joi from 'joi';

export { instantText as instant } from '@automation/domain';

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;
/** Beyond it the year has more digits than RFC 3339 can write. */
const LAST_YEAR = 9_999;

export function instantOrNull(at: Date | null): string | null {
  return at === null ? null : instantText(at);
}

/** An instant in an answer. */
export function instantSchema(description: string): Joi.StringSchema {
  return Joi.string().isoDate().required().description(description);
}

/** An instant in a request; the handler gets a Date. */
export function instantInput(description: string): Joi.StringSchema {
  return Joi.string()
    .description(`${description} RFC 3339.`)
    .custom((text: string, helpers) => {
      const at = parseInstant(text);
      return at ?? helpers.message({ custom: '{{#label}} must be an RFC 3339 date and time' });
    });
}

/** Whether RFC 3339 has a way to write the instant. */
export function isWritable(at: Date): boolean {
  const year = at.getUTCFullYear();
  return year >= 0 && year <= LAST_YEAR;
}

/** Not by Date alone, which turns 30 February into 2 March and 24:00 into the next day. */
function parseInstant(text: string): Date | null {
  if (!RFC_3339.test(text)) return null;
  try {
    const at = new Date(Temporal.Instant.from(text).epochMilliseconds);
    return isWritable(at) ? at : null;
  } catch {
    return null;
  }
}
