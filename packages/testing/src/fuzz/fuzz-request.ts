/** How a body goes over the wire. All but the first three break HTTP. */
export const DELIVERIES = [
  'whole',
  'chunked',
  'dripping',
  'cut off',
  'longer than its length',
  'with two lengths',
  'with length and chunks',
  'with broken chunks',
] as const;
export type Delivery = (typeof DELIVERIES)[number];

/** A request as it is sent; nothing in it is what HTTP or the api would have to like. */
export interface FuzzRequest {
  method: string;
  /** As it stands in the request line; each character is a byte. */
  target: string;
  /** Beside those of the delivery; each character is a byte. */
  headers: readonly (readonly [name: string, value: string])[];
  body: Buffer | null;
  delivery: Delivery;
}

/** What goes over the wire, piece by piece. */
export interface Wire {
  pieces: readonly Buffer[];
  pauseMs: number;
  /** Nothing follows: the client hangs up while the api still expects something. */
  endsEarly: boolean;
}

const DRIP_PIECES = 8;
const DRIP_PAUSE_MS = 5;
const SHOWN = 2_000;

/** The bytes of a request. */
export function wireOf(request: FuzzRequest): Wire {
  const { body, delivery } = request;
  const whole = (framing: string[], payload: Buffer): Wire => ({
    pieces: [Buffer.concat([headOf(request, framing), payload])],
    pauseMs: 0,
    endsEarly: false,
  });
  if (body === null) return { ...whole([], Buffer.alloc(0)), endsEarly: isChunked(request) };
  const length = `Content-Length: ${body.length}`;
  const chunked = 'Transfer-Encoding: chunked';
  switch (delivery) {
    case 'whole':
      return whole([length], body);
    case 'chunked':
      return whole([chunked], chunksOf(body));
    case 'dripping':
      return { ...dripped(headOf(request, [length]), body), pauseMs: DRIP_PAUSE_MS };
    case 'cut off':
      return { ...whole([`Content-Length: ${body.length + 100}`], body), endsEarly: true };
    case 'longer than its length':
      return whole([`Content-Length: ${Math.floor(body.length / 2)}`], body);
    case 'with two lengths':
      return whole([length, `Content-Length: ${body.length + 1}`], body);
    case 'with length and chunks':
      return whole([length, chunked], chunksOf(body));
    case 'with broken chunks':
      return whole([chunked], Buffer.concat([Buffer.from('zz\r\n'), body]));
  }
}

/** A request for people, byte by byte; what is too long is cut. */
export function describeRequest(request: FuzzRequest): string {
  const { pieces } = wireOf(request);
  const text = JSON.stringify(Buffer.concat(pieces).toString('latin1'));
  const shown = text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}… (${text.length} characters)`;
  return `${shown}${request.body === null ? '' : `, body ${request.delivery}`}`;
}

/** Whether chunks are announced, none of which come. */
function isChunked({ headers }: FuzzRequest): boolean {
  return headers.some(([name]) => name === 'Transfer-Encoding');
}

function headOf({ method, target, headers }: FuzzRequest, framing: readonly string[]): Buffer {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...framing,
    'Connection: close',
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function dripped(head: Buffer, body: Buffer): Omit<Wire, 'pauseMs'> {
  const size = Math.max(1, Math.ceil(body.length / DRIP_PIECES));
  const pieces = [head];
  for (let at = 0; at < body.length; at += size) pieces.push(body.subarray(at, at + size));
  return { pieces, endsEarly: false };
}

function chunksOf(body: Buffer): Buffer {
  const half = Math.ceil(body.length / 2);
  const chunks = [body.subarray(0, half), body.subarray(half)].filter(({ length }) => length > 0);
  return Buffer.concat([
    ...chunks.flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)}\r\n`),
      chunk,
      Buffer.from('\r\n'),
    ]),
    Buffer.from('0\r\n\r\n'),
  ]);
}
