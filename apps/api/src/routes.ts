import { accountRoutes } from './accounts/account-routes.ts';
import { apiKeyRoutes } from './accounts/api-key-routes.ts';
import { auditRoutes } from './audit/audit-routes.ts';
import { openApiRoute } from './docs/openapi-route.ts';
import { executionRoutes } from './executions/execution-routes.ts';
import { functionRoutes } from './functions/function-routes.ts';
import type { Route } from './http/route.ts';
import { jobRoutes } from './jobs/job-routes.ts';
import { overviewRoute } from './overview/overview-route.ts';
import { scheduleRoutes } from './schedules/schedule-routes.ts';
import { serviceRoutes } from './service/service-routes.ts';

const described: readonly Route[] = [
  ...jobRoutes,
  ...executionRoutes,
  ...auditRoutes,
  ...scheduleRoutes,
  ...functionRoutes,
  ...accountRoutes,
  ...apiKeyRoutes,
  overviewRoute,
  ...serviceRoutes,
];

/** Everything that the api answers, `/docs` aside. */
export const routes: readonly Route[] = [...described, openApiRoute(described)];
