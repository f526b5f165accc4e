import type { EventSelector } from '@automation/domain';
import Joi from 'joi';

import { selectorsSchema } from '../events/event-selectors.ts';
import { lineSchema } from '../http/text-schema.ts';

/** What a user may say of an event endpoint (SPEC 5). */
export interface EndpointFields {
  url?: string;
  types?: EventSelector[];
  enabled?: boolean;
}

export interface CreateEndpointBody {
  url: string;
  types?: EventSelector[];
}

const url = lineSchema(2_048).description('Where events are POSTed to, one at a time and in order.');

export const createEndpointBody = Joi.object<CreateEndpointBody>({
  url: url.required(),
  types: selectorsSchema,
}).id('EventEndpointCreate');

export const updateEndpointBody = Joi.object<EndpointFields>({
  url,
  types: selectorsSchema,
  enabled: Joi.boolean().description('Enabling it sends what it has not taken yet, as far as that is kept.'),
}).id('EventEndpointUpdate');
