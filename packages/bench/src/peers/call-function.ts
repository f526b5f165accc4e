import { randomUUID } from 'node:crypto';

import { Pool } from 'undici';

export type Phase = 'check' | 'perform';

export interface FunctionAnswer {
  /** Of a check. */
  shouldPerform: boolean;
}

/** Asks the function to check or to perform a run that was due at an instant. Throws unless it answers 200. */
export type CallFunction = (phase: Phase, dueAt: Date) => Promise<FunctionAnswer>;

/** As many as an engine works on side by side, and more. */
const CONNECTIONS = 128;

/** What a process calls its function by: one keep-alive pool. Opens no connection before the first call. */
export function connectFunction(url: string): CallFunction {
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, { connections: CONNECTIONS, headersTimeout: 0, bodyTimeout: 0 });
  const job = randomUUID();

  return async (phase, dueAt) => {
    const { statusCode, body } = await pool.request({
      path: pathname + search,
      method: 'POST',
      headers: ['content-type', 'application/json', 'x-automation-scheduled-for', dueAt.toISOString()],
      // What our own service sends for a job whose payload is `{"n":1}`.
      body: JSON.stringify({ n: 1, automation_job: job, phase }),
    });
    const answer: unknown = await body.json();
    if (statusCode !== 200) throw new Error(`the function answered ${statusCode}`);
    return { shouldPerform: Reflect.get(Object(answer), 'shouldPerform') === true };
  };
}
