import { DEFAULT_TIMEOUT_SECONDS } from '@automation/domain';
import Joi from 'joi';

import { lineSchema, nameSchema } from '../http/text-schema.ts';

/** What a user may say of a function (SPEC 5). */
export interface FunctionFields {
  name?: string;
  url?: string;
  headers?: Record<string, string>;
  timeout_seconds?: number;
}

export interface CreateFunctionBody extends FunctionFields {
  name: string;
  url: string;
}

const MOST_HEADERS = 50;
const LARGEST_HEADERS_KIB = 16;
/** A field name and a field value of RFC 9110, 5.1 and 5.5. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const HEADER_VALUE = /^[\t\x20-\x7e]{0,4096}$/;
/** Names that every request carries with our values, or that belong to the connection. */
const OURS =
  /^(?:x-automation-.*|webhook-.*|idempotency-key|traceparent|tracestate|host|content-.*|connection|keep-alive|proxy-connection|transfer-encoding|te|trailer|upgrade|expect|accept-encoding)$/i;

const name = nameSchema().description('For people to tell functions apart; need not be unique.');
const url = lineSchema(2_048).description('Where its check and perform requests are POSTed to.');

const headerValue = Joi.string()
  .allow('')
  .pattern(HEADER_VALUE)
  .messages({ 'string.pattern.base': '{{#label}} must be at most 4096 characters of ASCII on one line' });

const optionalFields = {
  headers: Joi.object<Record<string, string>>()
    .pattern(Joi.string().allow(''), headerValue)
    .max(MOST_HEADERS)
    .custom((headers: Record<string, string>, helpers) => {
      const fault = headersFault(headers);
      return fault === null ? headers : helpers.message({ custom: fault });
    })
    .description(
      `Sent with every request, e.g. \`Authorization\`; at most ${LARGEST_HEADERS_KIB} KiB in all.`,
    ),
  timeout_seconds: Joi.number()
    .integer()
    .min(1)
    .max(900)
    .description(
      `Seconds per attempt, unless the job says otherwise; ${DEFAULT_TIMEOUT_SECONDS} by default.`,
    ),
};

export const createFunctionBody = Joi.object<CreateFunctionBody>({
  name: name.required(),
  url: url.required(),
  ...optionalFields,
}).id('FunctionCreate');

export const updateFunctionBody = Joi.object<FunctionFields>({ name, url, ...optionalFields }).id(
  'FunctionUpdate',
);

function headersFault(headers: Record<string, string>): string | null {
  const names = Object.keys(headers);
  const malformed = names.find((header) => !HEADER_NAME.test(header));
  if (malformed !== undefined)
    return `headers: ${JSON.stringify(malformed)} is not the name of an HTTP header`;
  const taken = names.find((header) => OURS.test(header));
  if (taken !== undefined) return `headers: ${taken} is set by the service itself`;
  if (new Set(names.map((header) => header.toLowerCase())).size < names.length) {
    return 'headers: the same name is given twice in different case';
  }
  const bytes = Object.entries(headers).reduce(
    (sum, [header, value]) => sum + header.length + value.length,
    0,
  );
  return bytes <= LARGEST_HEADERS_KIB * 1_024
    ? null
    : `headers must not be larger than ${LARGEST_HEADERS_KIB} KiB`;
}
