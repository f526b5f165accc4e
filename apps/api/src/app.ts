import { AppError } from '@automation/domain';
import express, { type Express } from 'express';
import helmet from 'helmet';

import type { ApiDependencies } from './dependencies.ts';
import { docsRouter } from './docs/docs-router.ts';
import { handleErrors } from './http/handle-errors.ts';
import { logRequests } from './http/log-requests.ts';
import { mountRoutes } from './http/mount-routes.ts';
import { assignRequestId } from './http/request-id.ts';
import { routes } from './routes.ts';

/** The Express app over its dependencies; it listens nowhere by itself. */
export function createApp(api: ApiDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(assignRequestId);
  app.use(logRequests(api.logger));
  // Whether there is TLS is for the proxy before us to say: without it, upgrading would break /docs.
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  app.use('/docs', docsRouter());
  app.use(mountRoutes(routes, api));
  app.use((request) => {
    throw new AppError('NOT_FOUND', `${request.method} ${request.path} not found`);
  });
  app.use(handleErrors(api.logger));
  return app;
}
