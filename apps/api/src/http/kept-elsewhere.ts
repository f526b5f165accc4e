import { AppError } from '@automation/domain';
import { type RequestHandler, Router } from 'express';

import type { ExternalServices } from '../dependencies.ts';

/** Says of what external services keep that it is to be found there (SPEC 5). */
export function keptElsewhere({ accounts, functions }: ExternalServices): Router {
  const router = Router({ caseSensitive: true });
  if (accounts !== null) router.use('/accounts', refuse('accounts are kept by the service at ACCOUNTS_URL'));
  if (functions !== null)
    router.use('/functions', refuse('functions are kept by the service at FUNCTIONS_URL'));
  return router;
}

function refuse(message: string): RequestHandler {
  return () => {
    throw new AppError('NOT_FOUND', message);
  };
}
