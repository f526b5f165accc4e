import {
  type AttemptResult,
  type DeliveryFailures,
  type DeliveryOutcome,
  settleDelivery,
} from '@automation/domain';
import type { CircuitBreakers, Invoker } from '@automation/invoker';
import type { Logger } from '@automation/service-kit';
import type { LeasedEndpoint } from '@automation/store';

import type { WorkerMetrics } from '../metrics.ts';
import type { Message } from './endpoint-messages.ts';

export interface DeliveryContext {
  invoker: Pick<Invoker, 'invoke'>;
  breakers: Pick<CircuitBreakers, 'admit'>;
  logger: Logger;
  metrics: Pick<WorkerMetrics, 'eventDelivery'>;
}

/** What came of an attempt: `postponed`, because of the circuit breaker, and `cut_off` say nothing of the endpoint. */
export type DeliveryStep = DeliveryOutcome | { kind: 'postponed'; forMs: number } | { kind: 'cut_off' };

/** An endpoint only has to take an event, not to do anything about it. */
const TIMEOUT_MS = 10_000;

/** Sends an endpoint one message: a signed POST, as functions get them (SPEC 4, 5). */
export async function deliverMessage(
  context: DeliveryContext,
  endpoint: LeasedEndpoint,
  { message, failures, signal }: { message: Message; failures: DeliveryFailures; signal: AbortSignal },
): Promise<DeliveryStep> {
  const admission = context.breakers.admit(endpoint.id);
  if (!admission.allowed) return { kind: 'postponed', forMs: admission.waitMs };
  const result = await post(context.invoker, endpoint, { message, failures, signal });
  if (result.kind === 'aborted') {
    admission.permit.dropped();
    return { kind: 'cut_off' };
  }
  const outcome = settleDelivery(failures, result, new Date());
  if (outcome.kind === 'delivered') admission.permit.succeeded();
  else admission.permit.failed();
  report(context, endpoint, { outcome, result });
  return outcome;
}

async function post(
  invoker: Pick<Invoker, 'invoke'>,
  { id, accountId, url, secrets }: LeasedEndpoint,
  {
    message: { body },
    failures,
    signal,
  }: { message: Message; failures: DeliveryFailures; signal: AbortSignal },
): Promise<AttemptResult | { kind: 'aborted' }> {
  const headers = {
    'x-automation-account': accountId,
    'x-automation-endpoint': id,
    'x-automation-attempt': String(failures.attempts + 1),
  };
  try {
    const invocation = { url, body, headers, secrets, messageId: body.id, timeoutMs: TIMEOUT_MS };
    return (await invoker.invoke(invocation, signal)).result;
  } catch (error) {
    // A defect of ours or of the stored endpoint: it is shown, and tried again like anything else.
    const message = `internal error: ${error instanceof Error ? error.message : String(error)}`;
    return { kind: 'unavailable', httpStatus: null, error: message, retryAfterMs: null };
  }
}

function report(
  { logger, metrics }: DeliveryContext,
  { id, accountId }: LeasedEndpoint,
  { outcome, result }: { outcome: DeliveryOutcome; result: AttemptResult },
): void {
  metrics.eventDelivery(outcome.kind);
  if (outcome.kind === 'delivered') return;
  const fields = { endpoint_id: id, account_id: accountId, error: faultOf(result) };
  if (outcome.kind === 'disabled') logger.warn('event endpoint disabled', fields);
  else {
    const { attempts: attempt, retryInMs } = outcome;
    logger.warn('event delivery failed', { ...fields, attempt, retry_in_ms: retryInMs });
  }
}

/** What went wrong in our words; the endpoint's own may repeat what it was sent. */
function faultOf(result: AttemptResult): string {
  if (result.httpStatus !== null) return `the endpoint answered HTTP ${result.httpStatus}`;
  return 'error' in result ? result.error : '';
}
