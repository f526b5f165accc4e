import { randomBytes } from 'node:crypto';

import type { BenchOptions } from '../benchmark.ts';
import { drainRounds, joined, type Samples, scaled, withSystem } from './drain-rounds.ts';
import { type Growth, growthOf } from './sample.ts';

const BYTES = [100, 1_000, 10_000, 100_000];
const BACKLOG = 10_000;
/** More would measure the disk while the jobs are filled in, and tell nothing else. */
const TOTAL_BYTES = 200_000_000;
/** It goes to the function for the check and for the perform. */
const TIMES_SENT = 2;

/** What larger payloads cost. */
export async function growPayload(options: BenchOptions): Promise<Growth> {
  return withSystem(options, async (system) => {
    const measured: Samples[] = [];
    for (const bytes of BYTES) {
      const jobs = scaled(Math.min(BACKLOG, TOTAL_BYTES / bytes), options.scale);
      const filled = { jobs, active: jobs, payload: payloadOf(bytes) };
      const drained = await drainRounds(system, options, { x: bytes, what: label(bytes), ...filled });
      const megabytes = drained.samples.map(({ x, value }) => ({
        x,
        name: 'MB/s to functions',
        unit: 'MB/s',
        value: (value * bytes * TIMES_SENT) / 1_000_000,
      }));
      measured.push(drained, { samples: megabytes, cpu: [] });
    }
    return growthOf('payload', label, joined(measured));
  });
}

/** A payload of so many bytes as JSON, which the database cannot compress. */
function payloadOf(bytes: number): object {
  const length = bytes - JSON.stringify({ data: '' }).length;
  return { data: randomBytes(length).toString('base64').slice(0, length) };
}

function label(bytes: number): string {
  return bytes < 1_000 ? `${bytes} B of payload` : `${bytes / 1_000} kB of payload`;
}
