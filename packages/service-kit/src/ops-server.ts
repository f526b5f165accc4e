import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Registry } from 'prom-client';
import { errorMessage } from './error-message.ts';
import { listen } from './listen.ts';
import { type LogLevelOptions, logLevelRoute } from './log-level-route.ts';
import type { Readiness } from './readiness.ts';

export interface OpsServerOptions extends LogLevelOptions {
  /** Every interface if not given. */
  readonly host?: string;
  /** 0 is any free port. */
  readonly port: number;
  /** The setting that names the port, for the error about a taken one; METRICS_PORT if not given. */
  readonly setting?: string;
  readonly registry: Registry;
  readonly readiness: Readiness;
}

/** Both are safe twice and in the wrong order; a stopped server can be started again. */
export interface OpsServer {
  /** Resolves with the port that was opened; rejects as `listen` does. */
  start(): Promise<{ port: number }>;
  stop(): Promise<void>;
}

/** Serves /metrics, /healthz, /readyz and /log-level on a port of their own (SPEC 6, METRICS_PORT). */
export function createOpsServer(options: OpsServerOptions): OpsServer {
  const { host, port, setting = 'METRICS_PORT' } = options;
  const server = createServer(opsApp(options));
  let started: Promise<number> | undefined;
  return {
    async start() {
      started ??= listen(server, { host, port, setting });
      try {
        return { port: await started };
      } catch (error) {
        started = undefined;
        throw error;
      }
    },
    async stop() {
      await started?.catch(() => undefined);
      started = undefined;
      await close(server);
    },
  };
}

function opsApp({ registry, readiness, logLevel, logger }: OpsServerOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/metrics', async (_request, response) => {
    response.set('Content-Type', registry.contentType).send(await registry.metrics());
  });
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', async (_request, response) => {
    const { httpStatus, body } = await readiness.report();
    response.status(httpStatus).json(body);
  });
  app.use(logLevelRoute({ logLevel, logger }));
  // express's own handler would print the stack to the client.
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    response.status(statusOf(error)).type('text').send(errorMessage(error));
  });
  return app;
}

/** What reads bodies says with which status it refuses one. */
function statusOf(error: unknown): number {
  return Error.isError(error) && 'status' in error && typeof error.status === 'number' ? error.status : 500;
}

/** Cuts open connections: a scrape is nobody's work, and a slow client must not hold up a shutdown. */
async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
