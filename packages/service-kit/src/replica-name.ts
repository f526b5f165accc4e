import { hostname } from 'node:os';

const LONGEST_NAME = 63;

/**
 * What a process is called where its connections are listed: its service, machine and process id. Of a machine's name the
 * end is kept within PostgreSQL's 63 characters, which is where those of replicas differ.
 */
export function replicaName(service: string): string {
  const [before, after] = [`automation-${service}@`, `:${process.pid}`];
  return `${before}${hostname().slice(before.length + after.length - LONGEST_NAME)}${after}`;
}
