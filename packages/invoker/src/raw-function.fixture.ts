import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Invocation, InvocationResult, Invoked } from './invocation.ts';
import { invocationOf } from './invocation.fixture.ts';
import { createInvoker, type Invoker } from './invoker.ts';

/** A function that is no HTTP server but whatever its test makes of its connections. */
export interface RawFunction {
  port: number;
  invoker: Invoker;
  sockets: Socket[];
  invoke(changes?: Partial<Invocation>): Promise<InvocationResult>;
  /** The same with its times. */
  invokeTimed(changes?: Partial<Invocation>, signal?: AbortSignal): Promise<Invoked>;
}

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** Starts a function that gets its connections unread, and an invoker beside it; both end with the test. */
export async function setupRaw(converse: (socket: Socket) => void): Promise<RawFunction> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    // Whoever is cut off in the middle of writing gets an error, which is what these tests are about.
    socket.on('error', () => undefined);
    converse(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = addressOf(server.address());
  const invoker = createInvoker({ egress: { network: 'private' } });
  stops.push(async () => {
    await invoker.close();
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const invokeTimed: RawFunction['invokeTimed'] = (changes = {}, signal = new AbortController().signal) =>
    invoker.invoke({ ...invocationOf(`http://127.0.0.1:${port}/`), ...changes }, signal);
  const invoke = async (changes?: Partial<Invocation>) => (await invokeTimed(changes)).result;
  return { port, invoker, sockets, invoke, invokeTimed };
}

/** Sends these bytes as soon as a request comes, and does nothing more. */
export function sending(answer: string | Buffer): (socket: Socket) => void {
  return (socket) => socket.once('data', () => socket.write(answer));
}

/** Sends a beginning, then the same again and again, as fast as it is taken. */
export function pouring(beginning: string, piece: string | Buffer): (socket: Socket) => void {
  return (socket) => {
    const pour = (): void => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on('drain', pour);
    socket.once('data', () => {
      socket.write(beginning);
      pour();
    });
  };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address;
}
