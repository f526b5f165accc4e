import { AppError } from '@automation/domain';
import express, { type Express } from 'express';

import { consoleRouter } from './console/console-router.ts';
import type { ApiDependencies } from './dependencies.ts';
import { docsRouter } from './docs/docs-router.ts';
import { handleErrors } from './http/handle-errors.ts';
import { keptElsewhere } from './http/kept-elsewhere.ts';
import { logRequests } from './http/log-requests.ts';
import { measureRequests } from './http/measure-requests.ts';
import { mountRoutes } from './http/mount-routes.ts';
import { assignRequestId } from './http/request-id.ts';
import { requireHost } from './http/require-host.ts';
import { securityHeaders } from './http/security-headers.ts';
import { limitFiles } from './limits/limit-files.ts';
import { routesBeside } from './routes.ts';

/** The Express app over its dependencies; it listens nowhere by itself. */
export function createApp(api: ApiDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', [...api.limits.trustedProxies]);
  app.use(assignRequestId);
  app.use(logRequests(api.logger));
  app.use(measureRequests(api.metrics));
  app.use(securityHeaders);
  app.use(requireHost);
  app.use(['/docs', '/console'], limitFiles(api.limits.requests));
  app.use('/docs', docsRouter());
  app.use('/console', consoleRouter());
  app.get('/', (_request, response) => response.redirect('/console'));
  app.use(mountRoutes(routesBeside(api.external), api));
  app.use(keptElsewhere(api.external));
  app.use((request) => {
    throw new AppError('NOT_FOUND', `${request.method} ${request.path} not found`);
  });
  app.use(handleErrors(api));
  return app;
}
