/** More than any proxy or framework sends. */
const MOST_INFORMATIONAL_ANSWERS = 20;

/** A function that sends nothing but informational answers (1xx), each of which restarts the limit on headers. */
class InformationalFloodError extends Error {
  override name = 'InformationalFloodError';
  readonly code = 'INFORMATIONAL_FLOOD';

  constructor() {
    super(`expected at most ${MOST_INFORMATIONAL_ANSWERS} informational answers (1xx)`);
  }
}

/** Is told of each informational answer to one request, and throws when there are too many. */
export function limitInformational(): () => void {
  let count = 0;
  return () => {
    count += 1;
    if (count > MOST_INFORMATIONAL_ANSWERS) throw new InformationalFloodError();
  };
}
