import { NO_LIMITS } from '../no-limits.ts';
import { type AppProcess, createProcessHarness } from '../process-harness.ts';
import type { FuzzTarget } from './fuzz-world.ts';
import { type HeapProbe, openHeapProbe } from './heap-probe.ts';

const ADMIN_KEY = 'fuzz-admin-key-0123456789abcdef0123456789';
const START_TIMEOUT_MS = 60_000;

/** An api as a process of its own, whose heap can be measured. */
export interface FuzzedApi extends FuzzTarget {
  process: AppProcess;
  heap: HeapProbe;
  stop(): Promise<void>;
}

/** Starts it on a migrated database. */
export async function startFuzzedApi(databaseUrl: string): Promise<FuzzedApi> {
  const processes = createProcessHarness();
  try {
    const api = processes.start('api', {
      ...NO_LIMITS,
      NODE_OPTIONS: '--disable-warning=ExperimentalWarning --inspect=127.0.0.1:0',
      DATABASE_URL: databaseUrl,
      API_PORT: '0',
      METRICS_PORT: '0',
      METRICS_MAX_JOBS: '10',
      BOOTSTRAP_ACCOUNT_ID: 'admin',
      BOOTSTRAP_API_KEY: ADMIN_KEY,
      FUNCTION_NETWORK: 'private',
      LOG_FORMAT: 'json',
    });
    const { text } = await api.untilLine(/^Debugger listening on/, START_TIMEOUT_MS);
    const { event } = await api.untilLine('api started', START_TIMEOUT_MS);
    const heap = await openHeapProbe(text.replace('Debugger listening on ', ''));
    return {
      url: `http://127.0.0.1:${Number(event['port'])}`,
      adminKey: ADMIN_KEY,
      process: api,
      heap,
      stop: async () => {
        heap.close();
        await processes.killAll();
      },
    };
  } catch (error) {
    await processes.killAll();
    throw error;
  }
}

/** What the api itself takes for a bug: its lines at ERROR. */
export function errorsOf({ process: { lines } }: FuzzedApi): string[] {
  return lines.filter(({ event }) => event['level'] === 'error').map(({ text }) => text);
}
