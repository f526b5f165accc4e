import Joi from 'joi';

import { ok } from '../http/reply.ts';
import { definePublicRoute } from '../http/route.ts';
import { MANIFEST } from './manifest.ts';

const tag = 'Service';

const healthz = definePublicRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'healthz',
  tag,
  isProbe: true,
  summary: 'Whether the process is alive.',
  responses: { 200: { description: 'It is.', schema: Joi.object({ status: Joi.string().required() }) } },
  errors: [],
  handler: async () => ok({ status: 'ok' }),
});

const readiness = Joi.object({
  status: Joi.string().valid('ready', 'unavailable').required(),
  checks: Joi.object()
    .pattern(Joi.string(), Joi.string())
    .required()
    .description('`ok`, or what is wrong, by dependency.'),
}).id('Readiness');

const readyz = definePublicRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'readyz',
  tag,
  isProbe: true,
  summary: 'Whether the process can serve: its dependencies answer, and it is not about to end.',
  responses: {
    200: { description: 'It can.', schema: readiness },
    503: { description: 'A dependency does not answer, or the process is about to end.', schema: readiness },
  },
  errors: [],
  async handler(api) {
    const { httpStatus, body } = await api.readiness.report();
    return { status: httpStatus, body: { ...body, checks: { ...body.checks } } };
  },
});

const manifest = definePublicRoute({
  method: 'get',
  path: '/manifest',
  operationId: 'manifest',
  tag,
  isProbe: false,
  summary: 'What the service is, needs and is limited to.',
  responses: {
    200: {
      description: 'The manifest.',
      schema: Joi.object({
        id: Joi.string().required(),
        version: Joi.string().required(),
        layer: Joi.string().required(),
        name: Joi.string().required(),
        description: Joi.string().required(),
        depends_on: Joi.array().items(Joi.string()).required(),
        requires_apis: Joi.array().items(Joi.string()).required(),
        capabilities: Joi.array().items(Joi.string()).required(),
        resources: Joi.object().pattern(Joi.string(), Joi.number().integer()).required(),
        job_status_codes: Joi.object().pattern(Joi.string(), Joi.number().integer()).required(),
      }).id('Manifest'),
    },
  },
  errors: [],
  handler: async ({ limits }) => ok({ ...MANIFEST, resources: limits.resources }),
});

export const serviceRoutes = [healthz, readyz, manifest];
