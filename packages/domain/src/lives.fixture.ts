import * as fc from 'fast-check';

import { AppError } from './app-error.ts';
import { CREATED_AT } from './job.fixture.ts';
import { CATCH_UP_POLICIES, OVERLAP_POLICIES } from './job.ts';
import { Simulation } from './simulation.fixture.ts';
import type { JobPatch } from './update-job.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Beginnings that have something ahead: an ordinary day, and the nights in which clocks change. */
const beginnings = fc.constantFrom(
  CREATED_AT,
  new Date('2026-03-08T04:10:00Z'), // New York skips 07:00Z
  new Date('2026-03-28T22:50:00Z'), // London skips 01:00Z
  new Date('2026-10-24T21:30:00Z'), // London repeats 00:00Z
  new Date('2026-11-01T02:20:00Z'), // New York repeats 05:00Z
);
const timezone = fc.constantFrom('UTC', 'America/New_York', 'Europe/London');
const schedule = fc.constantFrom(
  '@hourly',
  '*/10 * * * *',
  '30 1 * * *',
  '30 2 * * *',
  '5,35 * * * *',
  '@every 7m',
  '@every 90s',
  '@every 1h30m',
  '@daily',
);
const seconds = (max: number) => fc.integer({ min: 0, max }).map((s) => s * SECOND);
const jitterSeconds = fc.constantFrom(0, 0, 30, 600, 7_200);
const catchUpWindowSeconds = fc.constantFrom(0, 600, 3_600, 86_400);
const maxRuns = fc.constantFrom(0, 0, 0, 1, 3, 20);
const catchUpPolicy = fc.constantFrom(...CATCH_UP_POLICIES);
const overlapPolicy = fc.constantFrom(...OVERLAP_POLICIES);
/** Relative to the beginning. */
const offset = fc.option(seconds((30 * HOUR) / SECOND), { nil: null, freq: 1 });

type Step =
  | { kind: 'run'; ms: number }
  | { kind: 'down'; ms: number }
  | { kind: 'clock'; ms: number }
  | { kind: 'resume'; clockMs: number }
  | { kind: 'edit'; patch: Omit<JobPatch, 'endAt'>; endsIn: number | null | undefined };

const run: fc.Arbitrary<Step> = seconds(6 * 3_600).map((ms) => ({ kind: 'run', ms }));
const down: fc.Arbitrary<Step> = fc
  .oneof(seconds(90), seconds(2 * 3_600), seconds(40 * 3_600))
  .map((ms) => ({ kind: 'down', ms }));
const clock: fc.Arbitrary<Step> = fc
  .integer({ min: -3_600, max: 3_600 })
  .map((s) => ({ kind: 'clock', ms: s * SECOND }));
/** The job is paused and resumed, perhaps right after the clock was set back over what has just run. */
const resume: fc.Arbitrary<Step> = fc
  .constantFrom(0, -20 * MINUTE, -HOUR)
  .map((clockMs) => ({ kind: 'resume', clockMs }));
const patch = fc.oneof(
  fc.constantFrom({ enabled: false }, { enabled: true }, { enabled: true, maxRuns: 0 }),
  fc.record(
    { schedule, timezone, jitterSeconds, catchUpWindowSeconds, maxRuns, catchUpPolicy, overlapPolicy },
    { requiredKeys: [] },
  ),
);
const endsIn = fc.option(offset, { nil: undefined, freq: 3 });
const edit: fc.Arbitrary<Step> = fc.record({ patch, endsIn }).map((change) => ({ kind: 'edit', ...change }));
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: run },
    { weight: 3, arbitrary: down },
    { weight: 3, arbitrary: edit },
    { weight: 1, arbitrary: clock },
    { weight: 2, arbitrary: resume },
  ),
  { maxLength: 12 },
);

/** All that may happen to a job. */
export const lives = fc.record({
  beginning: beginnings,
  definition: fc.record({
    schedule,
    timezone,
    jitterSeconds,
    catchUpWindowSeconds,
    maxRuns,
    catchUpPolicy,
    overlapPolicy,
  }),
  startsIn: offset,
  endsIn: offset,
  batchSize: fc.constantFrom(1, 3, 10, 1_000),
  durations: fc.array(fc.oneof(seconds(30), seconds(3 * 3_600)), { minLength: 1, maxLength: 5 }),
  answers: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
  steps,
});

/** Lives through all steps, and then on until nothing is due or runs; null if such a job can't be created. */
export function live({
  beginning,
  definition,
  startsIn,
  endsIn: lastsFor,
  steps: all,
  ...life
}: Life): Simulation | null {
  const at = (ms: number | null) => (ms === null ? null : new Date(beginning.getTime() + ms));
  const span = { startAt: at(startsIn), endAt: at(lastsFor) };
  return unlessRefused(() => {
    const simulation = new Simulation(
      { ...definition, ...span },
      {
        createdAt: beginning,
        batchSize: life.batchSize,
        takes: (nth) => life.durations[nth % life.durations.length] ?? 0,
        performs: (nth) => life.answers[nth % life.answers.length] ?? true,
      },
    );
    for (const step of all) take(simulation, step);
    return simulation.runTo(simulation.now);
  });
}
type Life = typeof lives extends fc.Arbitrary<infer T> ? T : never;

function take(simulation: Simulation, step: Step): void {
  const { now } = simulation;
  const later = (ms: number) => new Date(now.getTime() + ms);
  switch (step.kind) {
    case 'run':
      simulation.runTo(later(step.ms));
      return;
    case 'down':
      simulation.downTo(later(step.ms));
      return;
    case 'clock':
      simulation.stepClock(step.ms);
      return;
    case 'resume':
      simulation.stepClock(step.clockMs);
      unlessRefused(() => simulation.update({ enabled: false }).update({ enabled: true }));
      return;
    case 'edit': {
      const { patch: changes, endsIn: ends } = step;
      const endAt = ends === undefined ? {} : { endAt: ends === null ? null : later(ends) };
      unlessRefused(() => simulation.update({ ...changes, ...endAt }));
    }
  }
}

function unlessRefused<T>(attempt: () => T): T | null {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
