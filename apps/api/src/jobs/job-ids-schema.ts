import { isId } from '@automation/domain';
import Joi from 'joi';

/** Ids of jobs in a query, with commas between them. */
export function jobIdsSchema(most: number): Joi.StringSchema<string[]> {
  return Joi.string<string[]>()
    .custom((text: string, helpers) => readIds(text, most, helpers))
    .description(`Ids of jobs with commas between them, ${most} at most.`);
}

function readIds(text: string, most: number, helpers: Joi.CustomHelpers): string[] | Joi.ErrorReport {
  const ids = text.split(',').map((id) => id.trim());
  const wrong = ids.find((id) => !isId(id));
  if (wrong !== undefined)
    return helpers.message({ custom: '{{#label}} must be ids of jobs' }, { value: wrong });
  if (ids.length <= most) return ids;
  return helpers.message({ custom: `{{#label}} must be at most ${most} ids` }, { value: ids.length });
}
