import { cpus, totalmem, release } from 'node:os';

import { POSTGRES_SETTINGS } from './system/postgres.ts';

/** What the figures were measured on, without which they say nothing. */
export function describeMachine() {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    postgres_settings: POSTGRES_SETTINGS,
  };
}
