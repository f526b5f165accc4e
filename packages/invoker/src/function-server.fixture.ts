import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** One request as a function sees it. */
export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A function on 127.0.0.1 that tests invoke. */
export interface FunctionServer {
  port: number;
  url: string;
  requests: ReceivedRequest[];
  sockets: Socket[];
  stop(): Promise<void>;
}

/** Answers a request whose body has been read. */
export type Answer = (response: ServerResponse, request: ReceivedRequest) => void;

/** Starts a function that answers every request the same way. */
export async function startFunction(answer: Answer): Promise<FunctionServer> {
  const requests: ReceivedRequest[] = [];
  const sockets: Socket[] = [];
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = request;
    const received = { method, path: url, headers, body: await text(request) };
    requests.push(received);
    answer(response, received);
  };
  const listener: RequestListener = (request, response) => {
    receive(request, response).catch((error: Error) => response.destroy(error));
  };
  const server = createServer(listener).on('connection', (socket: Socket) => sockets.push(socket));
  const port = await listen(server);
  return {
    port,
    url: `http://127.0.0.1:${port}/invoke`,
    requests,
    sockets,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A port of 127.0.0.1 that nothing listens on. */
export async function unusedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}

async function listen(server: NetServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
