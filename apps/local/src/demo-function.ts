import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

import type { Logger } from '@automation/service-kit';

export interface DemoFunction {
  url: string;
  stop(): Promise<void>;
}

/** Of so many checks of a job, the second is answered "not now". */
const CHECKS_PER_REFUSAL = 3;

/** An HTTP function as a user would write one: at a job's second check of three it says that there is nothing to do. */
export async function startDemoFunction(logger: Logger): Promise<DemoFunction> {
  const checks = new Map<unknown, number>();
  const answer = (phase: unknown, job: unknown): object => {
    if (phase !== 'check') return { done: true };
    const count = (checks.get(job) ?? 0) + 1;
    checks.set(job, count);
    const shouldPerform = count % CHECKS_PER_REFUSAL !== 2;
    return shouldPerform ? { shouldPerform, performPayload: { check_number: count } } : { shouldPerform };
  };
  const server = createServer((request, response) => {
    void (async () => {
      const body: unknown = await json(request);
      const phase: unknown = Reflect.get(Object(body), 'phase');
      const job: unknown = Reflect.get(Object(body), 'automation_job');
      const output = answer(phase, job);
      logger.info(`asked to ${String(phase)}`, { job_id: job, answers: output });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(output));
    })().catch((error: unknown) => {
      response.writeHead(400).end(String(error));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the demo function has no TCP address');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
