import * as fc from 'fast-check';

import type { ApiOperation } from './api-document.ts';
import { arbitraryBody, seldomBody } from './arbitrary-body.ts';
import { arbitraryHeaders } from './arbitrary-headers.ts';
import { arbitraryTarget } from './arbitrary-target.ts';
import { DELIVERIES, type FuzzRequest } from './fuzz-request.ts';
import type { FuzzWorld } from './fuzz-world.ts';
import { mostly } from './mostly.ts';

/** Paths that the document does not have. */
const OTHERS: readonly ApiOperation[] = [
  '/',
  '/docs',
  '/docs/',
  '/docs/swagger-ui.css',
  '/docs/start.js',
  '/console',
  '/console/jobs/x',
  '/console/assets/x.js',
  '/metrics',
  '/nowhere',
].map((path) => ({ method: 'GET', path, query: [], body: null }));

const METHODS = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'OPTIONS', 'HEAD', 'TRACE', 'CONNECT', 'QUERY'];
const NO_METHODS = ['get', 'G\u00cbT', 'NONSENSE', ''];

/** A request about an operation of the document: one that it would take, or one with something wrong. */
export function arbitraryRequest(
  operations: readonly ApiOperation[],
  world: FuzzWorld,
): fc.Arbitrary<FuzzRequest> {
  const about = (operation: ApiOperation) =>
    fc.record<FuzzRequest>({
      method: mostly(12, operation.method, fc.constantFrom(...METHODS, ...NO_METHODS)),
      target: arbitraryTarget(operation, world),
      headers: arbitraryHeaders(world),
      body: operation.body === null ? seldomBody : arbitraryBody(operation.body, world),
      delivery: mostly(12, 'whole', fc.constantFrom(...DELIVERIES)),
    });
  return fc.oneof(
    { weight: 12, arbitrary: fc.oneof(...operations.map(about)) },
    { weight: 1, arbitrary: fc.oneof(...OTHERS.map(about)) },
  );
}
