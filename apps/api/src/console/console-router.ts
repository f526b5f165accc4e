import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { AppError } from '@automation/domain';
import { type RequestHandler, Router, static as serveStatic } from 'express';
import serveCompressed from 'express-static-gzip';

import { nameRoute } from '../http/route-name.ts';
import { consoleSecurityPolicy } from './console-security-policy.ts';

/** What `npm run build` makes of the console. Only its files are wanted: it runs in browsers. */
const FILES = join(
  dirname(createRequire(import.meta.url).resolve('@automation/console/package.json')),
  'dist',
);

/**
 * `/console`: the web console. Every path below it that is no file is one of its pages, which it tells apart by itself.
 * @param files the directory of the built console
 */
export function consoleRouter(files = FILES): Router {
  const router = Router();
  router.use(nameRoute('/console'), consoleSecurityPolicy);
  router.use('/assets', serveCompressed(join(files, 'assets'), ASSETS));
  router.get('/assets/{*path}', (_request, _response, next) => next('router'));
  router.get('/favicon.svg', serveStatic(files, { ...AS_IT_IS, maxAge: '1d' }));
  router.get('/{*path}', page(files));
  return router;
}

const AS_IT_IS = { index: false, redirect: false, acceptRanges: false };

/** They are compressed when they are built, and their names change with their content. */
const ASSETS = {
  enableBrotli: true,
  orderPreference: ['br', 'gzip'],
  index: false,
  serveStatic: { ...AS_IT_IS, maxAge: '1y', immutable: true },
};

/** The one page that there is. A browser asks each time whether it is still the same, as it names the other files. */
function page(root: string): RequestHandler {
  return (_request, response, next) => {
    response.set('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root, cacheControl: false, acceptRanges: false }, (error?: Error) => {
      if (error === undefined || response.headersSent) return;
      const isMissing = Reflect.get(error, 'code') === 'ENOENT';
      next(
        isMissing ? new AppError('NOT_FOUND', 'the console is not built: `npm run build` does it') : error,
      );
    });
  };
}
