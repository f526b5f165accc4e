/** What came back for a request. */
export interface FuzzAnswer {
  status: number;
  /** By their names in lower case. */
  headers: ReadonlyMap<string, string>;
  body: string;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const BODILESS = new Set([204, 304]);

/** The first final answer in what was received so far; null if it is not complete. */
export function readAnswer(
  received: Buffer,
  { isHead, isOver }: { isHead: boolean; isOver: boolean },
): FuzzAnswer | null {
  const headEnd = received.indexOf(END_OF_HEAD);
  if (headEnd === -1) return null;
  const [statusLine = '', ...lines] = received.toString('latin1', 0, headEnd).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(`${statusLine} `)?.[1]);
  const rest = received.subarray(headEnd + END_OF_HEAD.length);
  if (status < 200) return readAnswer(rest, { isHead, isOver });
  const headers = new Map(lines.map(headerOf));
  const answer = (end?: number) => ({ status, headers, body: rest.toString('utf8', 0, end) });
  if (isHead || BODILESS.has(status) || isStream(headers)) return answer(0);
  const length = headers.get('content-length');
  if (length !== undefined && rest.length >= Number(length)) return answer(Number(length));
  return isOver && length === undefined ? answer() : null;
}

/** Which goes on for as long as one listens. */
function isStream(headers: ReadonlyMap<string, string>): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') === true;
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
