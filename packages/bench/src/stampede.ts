import type { Benchmark } from './benchmark.ts';
import type { Figure } from './report.ts';
import { percentile, summarize } from './rounds.ts';
import { System } from './system/system.ts';

const JOBS = 10_000;

/** Many jobs due at one instant, as at midnight: how long until the first, the median and the last of them is checked. */
export const benchStampede: Benchmark = async ({ rounds, scale, profileTo, progress }) => {
  const jobs = Math.round(JOBS * scale);
  const system = await System.start({ profileTo });
  try {
    const lags: number[][] = [];
    for (let round = 0; round <= rounds; round += 1) {
      await system.drain({ runs: jobs });
      const { lags: each } = await system.functions.take();
      progress(`stampede round ${round}: the last of ${jobs} after ${Math.round(percentile(each, 1))} ms`);
      if (round > 0) lags.push(each);
    }
    const figure = (what: string, share: number, goal?: Figure['goal']): Figure => ({
      what,
      unit: 'ms',
      rounds: summarize(lags.map((each) => percentile(each, share))),
      ...(goal && { goal }),
    });
    return {
      title: `Stampede: ${jobs.toLocaleString('en-US')} jobs due at one instant, until the function gets the check`,
      figures: [
        figure('the first check', 0, { atMost: 50 }),
        figure('the median check', 0.5),
        figure('the last check', 1, { atMost: 3_000 }),
      ],
    };
  } finally {
    await system.stop();
  }
};
