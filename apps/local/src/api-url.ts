import { isIPv6 } from 'node:net';

const EVERY_ADDRESS = new Set(['0.0.0.0', '::']);

/** Where this machine reaches the api. */
export function apiUrl(host: string, port: number): string {
  if (EVERY_ADDRESS.has(host)) return `http://127.0.0.1:${port}`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
