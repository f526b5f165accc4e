import { once } from 'node:events';
import type { Server } from 'node:http';
import { errorMessage } from './error-message.ts';

export interface ListenOptions {
  /** Every interface if not given. */
  readonly host?: string | undefined;
  /** 0 is any free port. */
  readonly port: number;
  /** The setting that names the port, for the error: `API_PORT`. */
  readonly setting: string;
}

/**
 * Opens the server's port.
 *
 * @returns the port that was opened
 * @throws Error saying which setting to change: `METRICS_PORT 9090 is already in use`
 */
export async function listen(server: Server, { host, port, setting }: ListenOptions): Promise<number> {
  const listening = once(server, 'listening');
  server.listen({ port, host });
  try {
    await listening;
  } catch (error) {
    throw new Error(`${setting} ${port} ${reason(error, host)}`, { cause: error });
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function reason(error: unknown, host: string | undefined): string {
  const code = Error.isError(error) && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return 'is already in use';
  if (code === 'EACCES') return 'may not be opened by this user';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `cannot be opened: no address ${host} on this machine`;
  return `cannot be opened: ${errorMessage(error)}`;
}
