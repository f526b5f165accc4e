import type { Transaction } from '@automation/store';

import type { KeepAnswer, Reply } from './reply.ts';

/** Keeps what is answered of something that was made, in the transaction that makes it; null if no repeat will ask for it. */
export type Keep<Made> = ((trx: Transaction, made: Made) => Promise<void>) | null;

/** Answers what some work has made. The work keeps the answer itself, so that whatever is done has its answer (SPEC 5). */
export async function answerKept<Made>(
  keepAnswer: KeepAnswer | null,
  toReply: (made: Made) => Reply,
  work: (keep: Keep<Made>) => Promise<Made>,
): Promise<Reply> {
  const keep = keepAnswer && ((trx: Transaction, made: Made) => keepAnswer(trx, toReply(made)));
  return toReply(await work(keep));
}
