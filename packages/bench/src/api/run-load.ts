import { setTimeout as delay } from 'node:timers/promises';

import { Pool } from 'undici';

import { percentile } from '../rounds.ts';
import type { Load, LoadResult } from './load.ts';

type Send = () => Promise<void>;

/** Sends a load, and says how it was answered. Throws if one of the answers is not what is expected. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const pool = new Pool(load.origin, { connections: load.connections, pipelining: 1 });
  try {
    const send = senderOf(pool, load);
    return load.perSecond === null ? await saturate(send, load) : await keepPace(send, load, load.perSecond);
  } finally {
    await pool.close();
  }
}

/** Closed loop: each connection sends its next request once the one before is answered. */
async function saturate(send: Send, { connections, seconds }: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const end = performance.now() + seconds * 1_000;
  const keepSending = async () => {
    let sentAt = performance.now();
    while (sentAt < end) {
      await send();
      const answeredAt = performance.now();
      if (answeredAt < end) latencies.push(answeredAt - sentAt);
      sentAt = answeredAt;
    }
  };
  await Promise.all(Array.from({ length: connections }, keepSending));
  return resultOf(latencies, seconds);
}

/**
 * Open loop: requests are sent at a fixed rate, as users would who know nothing of each other. While the server is slow
 * they pile up, and each of them has waited since its own time.
 */
async function keepPace(send: Send, { seconds }: Load, perSecond: number): Promise<LoadResult> {
  const latencies: number[] = [];
  const start = performance.now();
  const sendDueAt = async (dueAt: number) => {
    await send();
    latencies.push(performance.now() - dueAt);
  };
  const answers: Promise<void>[] = [];
  while (answers.length < seconds * perSecond) {
    const dueAt = start + (answers.length * 1_000) / perSecond;
    if (dueAt > performance.now()) await delay(1);
    else answers.push(sendDueAt(dueAt));
  }
  await Promise.all(answers);
  return resultOf(latencies, seconds);
}

let sent = 0;

function senderOf(pool: Pool, { method, paths, headers, body, expectedStatus }: Load): Send {
  return async () => {
    sent += 1;
    const path = paths[sent % paths.length] ?? '/';
    const answer = await pool.request({
      method,
      path,
      headers,
      body: body === null ? null : body.replace('{n}', String(sent)),
    });
    if (answer.statusCode === expectedStatus) await answer.body.dump();
    else throw new Error(`${method} ${path}: ${answer.statusCode} ${await answer.body.text()}`);
  };
}

function resultOf(latencies: readonly number[], seconds: number): LoadResult {
  return {
    answered: latencies.length,
    perSecond: latencies.length / seconds,
    latencyMs: {
      median: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
      max: percentile(latencies, 1),
    },
  };
}
