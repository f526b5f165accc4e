import type { AttemptResult, DeliveryOutcome, Phase } from '@automation/domain';
import { BoundedJobLabels, counterFromZero, ExecutionMetrics } from '@automation/service-kit';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

type StatusClass = '2xx' | '3xx' | '4xx' | '5xx' | 'timeout' | 'network';

/** What of a worker is looked at when it is scraped. */
export interface WorkerState {
  /** Executions that it has leased and not done with. */
  inFlight: () => number;
  /** Functions whose circuit is open. */
  openBreakers: () => number;
}

/** The worker's metrics: the seed's by their names, and what an operator needs beside them. */
export class WorkerMetrics {
  readonly executions: ExecutionMetrics;
  readonly lag: Histogram;
  readonly breakerOpened: Counter;
  readonly leaseRecoveries: Counter;
  readonly #registry: Registry;
  readonly #retries: Record<Phase, Counter.Internal>;
  readonly #invocations: Record<Phase, Record<StatusClass, Counter.Internal>>;
  readonly #eventDeliveries: Record<DeliveryOutcome['kind'], Counter.Internal>;

  /** @param maxJobs with series of their own, the rest share one */
  constructor(registry: Registry, maxJobs: number) {
    this.#registry = registry;
    const registers = [registry];
    this.executions = new ExecutionMetrics(registry, new BoundedJobLabels(maxJobs));
    this.lag = new Histogram({
      name: 'automation_dispatch_lag_seconds',
      help: 'From when an occurrence is due to the start of its check',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300],
      registers,
    });
    this.breakerOpened = new Counter({
      name: 'automation_breaker_opened_total',
      help: "Times that a function's circuit opened; a probe that failed leaves it open",
      registers,
    });
    this.leaseRecoveries = new Counter({
      name: 'automation_lease_recoveries_total',
      help: 'Executions taken over from a worker that died or gave them back',
      registers,
    });
    this.#retries = createRetries(registers);
    this.#invocations = createInvocations(registers);
    this.#eventDeliveries = createEventDeliveries(registers);
  }

  /** A request to a function was made. */
  invoked(phase: Phase, result: AttemptResult): void {
    this.#invocations[phase][statusClassOf(result)].inc();
  }

  /** An attempt failed that will be made again. */
  retried(phase: Phase): void {
    this.#retries[phase].inc();
  }

  /** An event was sent to an endpoint. */
  eventDelivery(outcome: DeliveryOutcome['kind']): void {
    this.#eventDeliveries[outcome].inc();
  }

  /** Shows a worker's state as it is at each scrape. */
  show({ inFlight, openBreakers }: WorkerState): void {
    const registers = [this.#registry];
    const executions: Gauge = new Gauge({
      name: 'automation_executions_in_flight',
      help: 'Executions that this worker has taken and not finished, those that wait for their turn included',
      registers,
      collect: () => executions.set(inFlight()),
    });
    const breakers: Gauge = new Gauge({
      name: 'automation_breakers_open',
      help: 'Functions whose circuit is open or being probed in this process',
      registers,
      collect: () => breakers.set(openBreakers()),
    });
  }
}

function createRetries(registers: Registry[]): Record<Phase, Counter.Internal> {
  const retries = new Counter({
    name: 'automation_retries_total',
    help: 'Attempts that failed for a passing reason and will be repeated',
    labelNames: ['phase'],
    registers,
  });
  return {
    check: counterFromZero(retries, { phase: 'check' }),
    perform: counterFromZero(retries, { phase: 'perform' }),
  };
}

function createInvocations(registers: Registry[]): Record<Phase, Record<StatusClass, Counter.Internal>> {
  const invocations = new Counter({
    name: 'automation_invocations_total',
    help: 'HTTP requests to functions by the class of their status; timeout: no complete answer in time, network: none at all',
    labelNames: ['phase', 'status_class'],
    registers,
  });
  const ofPhase = (phase: Phase) => {
    const child = (status_class: StatusClass) => counterFromZero(invocations, { phase, status_class });
    return {
      '2xx': child('2xx'),
      '3xx': child('3xx'),
      '4xx': child('4xx'),
      '5xx': child('5xx'),
      timeout: child('timeout'),
      network: child('network'),
    };
  };
  return { check: ofPhase('check'), perform: ofPhase('perform') };
}

function createEventDeliveries(registers: Registry[]): Record<DeliveryOutcome['kind'], Counter.Internal> {
  const deliveries = new Counter({
    name: 'automation_event_deliveries_total',
    help: 'Requests that sent an event to an endpoint: delivered, failed and to be repeated, or failed for the last time, which disabled the endpoint',
    labelNames: ['outcome'],
    registers,
  });
  const counted = (outcome: DeliveryOutcome['kind']) => counterFromZero(deliveries, { outcome });
  return { delivered: counted('delivered'), failed: counted('failed'), disabled: counted('disabled') };
}

function statusClassOf({ kind, httpStatus }: AttemptResult): StatusClass {
  if (httpStatus === null) return kind === 'timed_out' ? 'timeout' : 'network';
  if (httpStatus < 300) return '2xx';
  if (httpStatus < 400) return '3xx';
  return httpStatus < 500 ? '4xx' : '5xx';
}
