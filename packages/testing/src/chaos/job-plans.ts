import type { Random } from './random.ts';

const EVERY_SECONDS = { 1: 4, 2: 6, 3: 10, 5: 20, 7: 15, 10: 20, 15: 15, 20: 10 };

/** What the api is told of a job. */
export type JobBody = Record<string, unknown> & { name: string; schedule: string };

/** Jobs with all policies, as the seed says. */
export function planJobs(count: number, random: Random, now: number): JobBody[] {
  return Array.from({ length: count }, (_, index) => planJob(index, random.stream(String(index)), now));
}

/** `@every` of some seconds, the rare ones aside. */
export function planSchedule(random: Random): string {
  return `@every ${random.weighted(EVERY_SECONDS)}s`;
}

function planJob(index: number, random: Random, now: number): JobBody {
  const name = `chaos-${index}`;
  const seconds = (least: number, most: number) => new Date(now + random.between(least, most) * 1_000);
  const isOnce = random.chance(0.05);
  return {
    name,
    schedule: isOnce ? `@at ${seconds(10, 40).toISOString()}` : planSchedule(random),
    overlap_policy: random.weighted({ skip: 45, queue: 35, allow: 20 }),
    catch_up_policy: random.weighted({ latest: 40, all: 40, none: 20 }),
    catch_up_window_seconds: random.pick([10, 60, 86_400]),
    retry_limit: random.between(0, 2),
    timeout_seconds: random.between(2, 6),
    ...(random.chance(0.25) ? { jitter_seconds: random.between(1, 5) } : {}),
    ...(random.chance(0.25) ? { max_runs: random.between(1, 12) } : {}),
    ...(random.chance(0.2) ? { pause_after_failures: random.between(2, 4) } : {}),
    ...(!isOnce && random.chance(0.1) ? { start_at: seconds(-60, 20).toISOString() } : {}),
    ...(!isOnce && random.chance(0.08) ? { end_at: seconds(30, 90).toISOString() } : {}),
  };
}
