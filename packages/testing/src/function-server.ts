import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request that the function server got. */
export interface ReceivedCall {
  path: string;
  headers: IncomingHttpHeaders;
  /** The body as it was sent. */
  raw: string;
  body: Record<string, unknown>;
  /** Epoch milliseconds. */
  receivedAt: number;
  /** Whether the caller went away before it had its answer; becomes true when it does. */
  isCutOff: boolean;
}

/** What a scripted function answers; `hang` never answers. */
export type Answer = { status?: number; headers?: Record<string, string>; body?: unknown } | 'hang';

/** Answers a call, or waits before it does. */
export type Script = (call: ReceivedCall) => Answer | Promise<Answer>;

/** A real HTTP server whose functions tests script by path. */
export interface FunctionServer {
  url(path: string): string;
  /** Says what a path answers from now on; unscripted paths answer 404. */
  script(path: string, script: Script): void;
  /** Everything that a path received, oldest first. */
  calls(path: string): ReceivedCall[];
  close(): Promise<void>;
}

export async function startFunctionServer(): Promise<FunctionServer> {
  const scripts = new Map<string, Script>();
  const received: ReceivedCall[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const receivedAt = Date.now();
      const raw = await text(request);
      const { url: path = '/', headers } = request;
      const call = { path, headers, raw, body: parse(raw), receivedAt, isCutOff: response.destroyed };
      response.once('close', () => (call.isCutOff = !response.writableFinished));
      received.push(call);
      const script = scripts.get(call.path);
      answer(response, script ? await script(call) : { status: 404, body: { error: 'not scripted' } });
    })();
  });
  const port = await listen(server);
  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    script: (path, script) => scripts.set(path, script),
    calls: (path) => received.filter((call) => call.path === path),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(response: ServerResponse, reply: Answer): void {
  if (reply === 'hang' || response.destroyed) return;
  const { status = 200, headers = {}, body } = reply;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
}

function parse(raw: string): Record<string, unknown> {
  const value: unknown = raw === '' ? {} : JSON.parse(raw);
  if (typeof value !== 'object' || value === null) throw new Error(`not an object: ${raw}`);
  return { ...value };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
}
