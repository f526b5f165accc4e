import * as fc from 'fast-check';

import { readOperations } from './api-document.ts';
import { arbitraryRequest } from './arbitrary-request.ts';
import { faultsOf } from './faults-of.ts';
import type { FuzzAnswer } from './fuzz-answer.ts';
import { describeRequest, type FuzzRequest } from './fuzz-request.ts';
import { type FuzzTarget, prepareWorld } from './fuzz-world.ts';
import { type NoAnswer, sendRequest } from './send-request.ts';

/** Requests that are under way at the same time, at most. */
const AT_ONCE = 20;
/** Batches of a round, which has accounts and a seed of its own, so that it can be repeated alone. */
const BATCHES = 50;
/** For making the batch of a failure smaller. */
const SHRINK_MS = 120_000;
const SHOWN = 1_000;

export interface FuzzOptions {
  /** Of the first round; each one after it has the next number. */
  seed: number;
  /** At least so many are sent, unless one fails. */
  requests: number;
  /** Called after each round. */
  afterRound?: (run: FuzzRun) => Promise<void>;
}

/** What a run has come to so far. */
export interface FuzzRun {
  sent: number;
  rounds: number;
  /** How often each status was answered. */
  statuses: Map<number, number>;
  slowestMs: number;
  /** What was wrong, and in which round. */
  failure: { seed: number; what: string } | null;
}

/**
 * Sends requests of all kinds about all operations of the api's OpenAPI document, until there are enough of them or one is
 * not answered as SPEC 5 has it.
 */
export async function fuzz(target: FuzzTarget, options: FuzzOptions): Promise<FuzzRun> {
  const operations = await readOperations(target.url);
  const run: FuzzRun = { sent: 0, rounds: 0, statuses: new Map(), slowestMs: 0, failure: null };
  while (run.sent < options.requests && run.failure === null) {
    const seed = options.seed + run.rounds;
    const requests = arbitraryRequest(operations, await prepareWorld(target));
    const what = await findFailure(requests, seed, (request) => sendAndCount(target.url, request, run));
    run.rounds += 1;
    if (what !== null) run.failure = { seed, what };
    await options.afterRound?.(run);
  }
  return run;
}

type Send = (request: FuzzRequest) => Promise<FuzzAnswer | NoAnswer>;

/** Runs a round, and answers what was wrong with which request; null if nothing was. */
async function findFailure(
  request: fc.Arbitrary<FuzzRequest>,
  seed: number,
  send: Send,
): Promise<string | null> {
  const batch = fc.array(request, { minLength: 1, maxLength: AT_ONCE, size: 'max' });
  const property = fc.asyncProperty(batch, async (requests) => {
    await Promise.all(requests.map(async (each) => requireProper(each, await send(each))));
  });
  const details = await fc.check(property, { seed, numRuns: BATCHES, interruptAfterTimeLimit: SHRINK_MS });
  if (!details.failed) return null;
  const { errorInstance } = details;
  return errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
}

async function sendAndCount(url: string, request: FuzzRequest, run: FuzzRun): Promise<FuzzAnswer | NoAnswer> {
  const sentAt = performance.now();
  const answer = await sendRequest(url, request);
  run.sent += 1;
  run.slowestMs = Math.max(run.slowestMs, performance.now() - sentAt);
  if ('status' in answer) run.statuses.set(answer.status, (run.statuses.get(answer.status) ?? 0) + 1);
  return answer;
}

function requireProper(request: FuzzRequest, answer: FuzzAnswer | NoAnswer): void {
  const faults = faultsOf(request, answer);
  if (faults.length === 0) return;
  const shown = 'why' in answer ? 'none' : `${answer.status} ${answer.body.slice(0, SHOWN)}`;
  throw new Error(`${faults.join(', ')}\n  request: ${describeRequest(request)}\n  answer: ${shown}`);
}
