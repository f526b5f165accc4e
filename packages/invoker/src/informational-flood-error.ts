/** More than any proxy or framework sends. */
export const MOST_INFORMATIONAL_ANSWERS = 20;

/** A function that sends nothing but informational answers (1xx), each of which restarts the limit on headers. */
export class InformationalFloodError extends Error {
  override name = 'InformationalFloodError';
  readonly code = 'INFORMATIONAL_FLOOD';

  constructor() {
    super(`expected at most ${MOST_INFORMATIONAL_ANSWERS} informational answers (1xx)`);
  }
}
