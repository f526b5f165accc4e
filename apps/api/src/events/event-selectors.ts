import { EVENT_SELECTORS, type EventSelector } from '@automation/domain';
import Joi from 'joi';

/** What an endpoint that says nothing is sent, and a stream shows: all that there is. */
export const ALL_EVENTS: readonly EventSelector[] = ['job.*', 'execution.*'];

/** Types of events in a body. */
export const selectorsSchema = Joi.array<EventSelector[]>()
  .items(Joi.string().valid(...EVENT_SELECTORS))
  .min(1)
  .unique()
  .description('Which events: types, or all of a group, as `job.*`.');

/** Types of events in a query, with commas between them; the handler gets a list. */
export const selectorsQuery = Joi.string()
  .empty('')
  .custom((text: string, helpers) => {
    const names = text.split(',').map((name) => name.trim());
    const unknown = names.find((name) => !isSelector(name));
    if (unknown === undefined) return names;
    const custom = `{{#label}}: {{#unknown}} is none of ${EVENT_SELECTORS.join(', ')}`;
    return helpers.message({ custom }, { unknown: JSON.stringify(unknown) });
  })
  .description(
    'Which events, with commas between them: types, or all of a group, as `job.*`; all by default.',
  );

function isSelector(name: string): boolean {
  return EVENT_SELECTORS.some((selector) => selector === name);
}
