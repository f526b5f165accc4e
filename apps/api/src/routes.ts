import { accountRoutes } from './accounts/account-routes.ts';
import { apiKeyRoutes } from './accounts/api-key-routes.ts';
import { auditRoutes } from './audit/audit-routes.ts';
import { auditLogRoute } from './audit-log/audit-log-route.ts';
import { identityRoute } from './auth/identity-route.ts';
import type { ExternalServices } from './dependencies.ts';
import { openApiRoute } from './docs/openapi-route.ts';
import { endpointRoutes } from './event-endpoints/endpoint-routes.ts';
import { eventRoutes } from './events/event-routes.ts';
import { executionRoutes } from './executions/execution-routes.ts';
import { recentExecutionsRoute } from './executions/recent-executions-route.ts';
import { functionHealthRoute } from './functions/function-health-route.ts';
import { functionRoutes } from './functions/function-routes.ts';
import type { Route } from './http/route.ts';
import { jobRoutes } from './jobs/job-routes.ts';
import { overviewRoute } from './overview/overview-route.ts';
import { scheduleRoutes } from './schedules/schedule-routes.ts';
import { serviceRoutes } from './service/service-routes.ts';

const described: readonly Route[] = [
  ...jobRoutes,
  ...executionRoutes,
  recentExecutionsRoute,
  ...auditRoutes,
  auditLogRoute,
  ...eventRoutes,
  ...endpointRoutes,
  ...scheduleRoutes,
  ...functionRoutes,
  functionHealthRoute,
  ...accountRoutes,
  ...apiKeyRoutes,
  identityRoute,
  overviewRoute,
  ...serviceRoutes,
];

/** Everything that the api answers, the pages of `/docs` and `/console` aside. */
export const routes: readonly Route[] = [...described, openApiRoute(described)];

/** The same without what external services keep, and with a document that doesn't know it. */
export function routesBeside({ accounts, functions }: ExternalServices): readonly Route[] {
  const elsewhere = new Set<Route>([
    ...(accounts === null ? [] : accountRoutes),
    ...(functions === null ? [] : functionRoutes),
  ]);
  const ours = described.filter((route) => !elsewhere.has(route));
  return [...ours, openApiRoute(ours)];
}
