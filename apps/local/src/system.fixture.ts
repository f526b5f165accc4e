import {
  type AppName,
  type AppProcess,
  createProcessHarness,
  type FunctionServer,
  type MainOf,
  type ReceivedCall,
  type Script,
  startFunctionServer,
  unique,
  waitUntil,
} from '@automation/testing';

import { type ApiClient, apiClient } from './api-client.fixture.ts';

const STEP_MS = 30_000;

export const KEY = 'admin-key-of-the-tests-0123456789abcdef';

/** The apps as processes on one database, and a server with the functions that they invoke. */
export interface TestSystem {
  functions: FunctionServer;
  /** Starts an app, and waits until it is up. */
  start(name: AppName, env?: NodeJS.ProcessEnv): Promise<AppProcess>;
  /** Kills the processes that are left, and closes the function server. */
  close(): Promise<void>;
}

export async function openSystem(databaseUrl: string, mainOf?: MainOf): Promise<TestSystem> {
  const processes = createProcessHarness(mainOf);
  const functions = await startFunctionServer();
  return {
    functions,
    start: async (name, env) => {
      const app = processes.start(name, {
        DATABASE_URL: databaseUrl,
        METRICS_PORT: '0',
        FUNCTION_NETWORK: 'private',
        ...(name === 'api' ? { API_PORT: '0', BOOTSTRAP_ACCOUNT_ID: 'admin', BOOTSTRAP_API_KEY: KEY } : {}),
        ...env,
      });
      await app.untilLine(`${name} started`, STEP_MS);
      return app;
    },
    close: async () => {
      await processes.killAll();
      await functions.close();
    },
  };
}

/** Where a started app listens. */
export const portOf = (app: AppProcess, field: 'port' | 'metrics_port') =>
  Number(app.lines.find(({ event }) => field in event)?.event[field]);

export const urlOf = (api: AppProcess) => `http://127.0.0.1:${portOf(api, 'port')}`;

export const clientOf = (api: AppProcess): ApiClient => apiClient(urlOf(api), KEY);

/** The messages of an app from a line on that somebody ought to see. */
export const warningsOf = ({ lines }: AppProcess, from = 0) =>
  lines
    .slice(from)
    .filter(({ event }) => event['level'] === 'warn' || event['level'] === 'error')
    .map(({ event }) => `${String(event['level'])}: ${String(event['message'])}`);

/** A function that is scripted at a path of its own. */
export interface ScriptedFunction {
  id: string;
  calls: (phase?: 'check' | 'perform') => ReceivedCall[];
}

export async function newFunction(
  { functions }: TestSystem,
  api: ApiClient,
  script: Script,
): Promise<ScriptedFunction> {
  const path = `/${unique('fn')}`;
  functions.script(path, script);
  const { body } = await api.post('/functions', { name: path, url: functions.url(path) });
  return {
    id: String(body['id']),
    calls: (phase) =>
      functions.calls(path).filter((call) => phase === undefined || call.body['phase'] === phase),
  };
}

/** Creates a job that runs by hand alone, unless told otherwise, and answers its id. */
export async function newJob(api: ApiClient, functionId: string, definition: object = {}): Promise<string> {
  const { status, body } = await api.post('/automation/jobs', {
    function_id: functionId,
    name: unique('job'),
    schedule: '@yearly',
    ...definition,
  });
  if (status !== 201) throw new Error(`no job: ${status} ${String(body['message'])}`);
  return String(body['id']);
}

/** Runs a job by hand, and answers the id of the execution. */
export async function runJob(api: ApiClient, jobId: string): Promise<string> {
  const { status, body } = await api.post(`/automation/jobs/${jobId}/run`);
  if (status !== 202) throw new Error(`no run: ${status} ${String(body['message'])}`);
  return String(body['id']);
}

export const untilStatus = (
  api: ApiClient,
  executionId: string,
  status: string,
  timeoutMs = STEP_MS,
): Promise<boolean> =>
  waitUntil(async () => (await api.get(`/automation/executions/${executionId}`)).body['status'] === status, {
    what: `execution ${executionId} to be ${status}`,
    timeoutMs,
  });
