import { eventSettings } from '@automation/store';
import Joi from 'joi';

import { ok } from '../http/reply.ts';
import { defineRoute, defineStreamRoute } from '../http/route.ts';
import { changeEventSettings, eventSettingsJson } from './change-event-settings.ts';
import { eventSchema } from './event-schema.ts';
import { selectorsQuery } from './event-selectors.ts';
import { openEventStream, type StreamQuery } from './open-event-stream.ts';

const tag = 'Events';

const stream = defineStreamRoute({
  method: 'get',
  path: '/automation/events',
  operationId: 'streamEvents',
  tag,
  summary:
    "Streams the account's events as server-sent events, in the order in which they happened to each job.",
  scope: 'read',
  query: Joi.object<StreamQuery>({
    types: selectorsQuery,
    after: Joi.number()
      .integer()
      .min(0)
      .empty('')
      .description(
        'Id of the last event that the client has seen, as `Last-Event-ID`, which goes before it.',
      ),
  }),
  responses: {
    200: {
      description:
        'For as long as the client listens, messages with the fields `id`, `event` (the type) and `data`, which is this as JSON.',
      schema: eventSchema,
    },
  },
  errors: [],
  handler: (api, { query, ...call }) => openEventStream(api, call, query),
});

const settingsSchema = Joi.object<{ execution_events: boolean }>({
  execution_events: Joi.boolean()
    .required()
    .description('Whether there is an event for each execution that ends, and not only for changes to jobs.'),
}).id('EventSettings');

const getSettings = defineRoute({
  method: 'get',
  path: '/automation/events/settings',
  operationId: 'getEventSettings',
  tag,
  summary: 'Answers which events the account wants.',
  scope: 'read',
  responses: { 200: { description: 'The settings.', schema: settingsSchema } },
  errors: [],
  async handler(api, { caller }) {
    return ok(eventSettingsJson(await eventSettings.find(api.store.db, caller.accountId)));
  },
});

const putSettings = defineRoute({
  method: 'put',
  path: '/automation/events/settings',
  operationId: 'putEventSettings',
  tag,
  summary: 'Says which events the account wants.',
  scope: 'write',
  body: settingsSchema,
  responses: { 200: { description: 'The settings.', schema: settingsSchema } },
  errors: ['CONFLICT'],
  async handler(api, { caller, body }) {
    const settings = { executionEvents: body.execution_events };
    await changeEventSettings(api, caller, settings);
    return ok(eventSettingsJson(settings));
  },
});

export const eventRoutes = [stream, getSettings, putSettings];
