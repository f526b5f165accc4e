import type { AutomationFunction } from '@automation/domain';

import { instant } from '../http/instant.ts';

/** A function as it is answered, its secret left out (SPEC 5). */
export function functionJson(fn: AutomationFunction) {
  return {
    id: fn.id,
    account_id: fn.accountId,
    name: fn.name,
    url: fn.url,
    headers: fn.headers,
    timeout_seconds: fn.timeoutSeconds,
    created_at: instant(fn.createdAt),
    updated_at: instant(fn.updatedAt),
  };
}
