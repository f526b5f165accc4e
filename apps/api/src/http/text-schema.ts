import Joi from 'joi';

/** Lone surrogates and NUL are nothing that PostgreSQL can store. */
const STORABLE = /^[^\0\p{Cs}]*$/u;
const ONE_LINE = /^[^\p{Cc}\p{Cs}]*$/u;

/** What the seed says of a field that is left out or left empty. */
export const REQUIRED = 'required: {{#label}}';

/** Text of several lines, which may be empty. */
export function textSchema(maxLength: number): Joi.StringSchema {
  return Joi.string()
    .allow('')
    .max(maxLength)
    .pattern(STORABLE)
    .messages({ 'string.pattern.base': '{{#label}} must be Unicode text without NUL' });
}

/** Text without control characters, at least one character. */
export function lineSchema(maxLength: number): Joi.StringSchema {
  return Joi.string().max(maxLength).pattern(ONE_LINE).messages({
    'string.empty': REQUIRED,
    'string.pattern.base': '{{#label}} must be Unicode text without control characters',
  });
}

/** A name: trimmed, 1 to 200 characters, no control characters (SPEC 1). */
export function nameSchema(): Joi.StringSchema {
  return lineSchema(200).trim().prefs({ convert: true });
}

/** An opaque id that a user may choose; it can stand in a path without being escaped, or taken for a way up (`..`). */
export const ID_PATTERN = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,128}$/;

export function chosenIdSchema(): Joi.StringSchema {
  return Joi.string().pattern(ID_PATTERN).messages({
    'string.pattern.base': '{{#label}} must be at most 128 characters out of A-Za-z0-9._-, and not . or ..',
  });
}
