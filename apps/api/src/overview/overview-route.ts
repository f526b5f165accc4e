import { ok } from '../http/reply.ts';
import { defineRoute } from '../http/route.ts';
import { overviewJson, overviewSchema } from './overview-json.ts';
import { readOverview } from './read-overview.ts';

export const overviewRoute = defineRoute({
  method: 'get',
  path: '/admin/overview',
  operationId: 'overview',
  tag: 'Service',
  summary: 'How the whole service does at the moment, for whoever looks after it.',
  scope: 'admin',
  responses: { 200: { description: 'What the database knows of it.', schema: overviewSchema } },
  errors: [],
  handler: async (api) => ok({ ...overviewJson(await readOverview(api)) }),
});
