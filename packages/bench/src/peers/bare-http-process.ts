import { setTimeout as delay } from 'node:timers/promises';

import { connectFunction } from './call-function.ts';
import { servePeer, setting } from './serve-peer.ts';

/** No engine at all: the two calls of each run and nothing else, which is what no engine can exceed. */
const SIDE_BY_SIDE = 100;

const callFunction = connectFunction(setting('FUNCTION_URL'));
const backlog: { runs: number; dueAt: Date }[] = [];
let worked: Promise<void> | null = null;

async function workOff(): Promise<void> {
  for (let batch = backlog.shift(); batch !== undefined; batch = backlog.shift()) {
    await untilDue(batch.dueAt);
    await runAll(batch.runs, batch.dueAt);
  }
}

async function untilDue(dueAt: Date): Promise<void> {
  // A timer may fire a millisecond early.
  for (let ms = dueAt.getTime() - Date.now(); ms > 0; ms = dueAt.getTime() - Date.now()) await delay(ms);
}

async function runAll(runs: number, dueAt: Date): Promise<void> {
  let left = runs;
  const runOneByOne = async () => {
    while (left > 0) {
      left -= 1;
      await run(dueAt);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, runOneByOne));
}

async function run(dueAt: Date): Promise<void> {
  const { shouldPerform } = await callFunction('check', dueAt);
  if (shouldPerform) await callFunction('perform', dueAt);
}

// Runs go on by themselves, as an engine's do; one that fails ends the process as an unhandled rejection.
servePeer({
  fill: async (runs, dueAt) => {
    backlog.push({ runs, dueAt });
    worked &&= worked.then(workOff);
  },
  work: async () => {
    worked = workOff();
  },
  enqueue: async (dueAt) => {
    void run(dueAt);
  },
});
