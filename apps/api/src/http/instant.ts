import Joi from 'joi';

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** RFC 3339 in UTC, without a fractional part where it is zero (SPEC 1). */
export function instant(at: Date): string {
  return at.toISOString().replace('.000Z', 'Z');
}

export function instantOrNull(at: Date | null): string | null {
  return at === null ? null : instant(at);
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
      const at = new Date(text);
      return RFC_3339.test(text) && !Number.isNaN(at.getTime())
        ? at
        : helpers.message({ custom: '{{#label}} must be an RFC 3339 date and time' });
    });
}
