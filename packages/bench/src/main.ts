import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { benchApi } from './api.ts';
import type { Benchmark } from './benchmark.ts';
import { benchFootprint } from './footprint.ts';
import { writePlots } from './growth-plots.ts';
import { benchGrowth } from './growth.ts';
import { benchHistory } from './history.ts';
import { benchHorizon } from './horizon.ts';
import { benchIdleMillion } from './idle-million.ts';
import { benchLag } from './lag.ts';
import { describeMachine } from './machine.ts';
import { benchMemory } from './memory.ts';
import { benchObservability } from './observability.ts';
import { reportText } from './report.ts';
import { benchScaleOut } from './scale-out.ts';
import { benchSchedule } from './schedule.ts';
import { benchStampede } from './stampede.ts';
import { benchThroughput } from './throughput.ts';

/** Everything that `npm run bench -- <name>` knows; without a name it runs all. */
const BENCHMARKS: ReadonlyMap<string, Benchmark> = new Map([
  ['throughput', benchThroughput],
  ['lag', benchLag],
  ['stampede', benchStampede],
  ['api', benchApi],
  ['scale-out', benchScaleOut],
  ['idle-million', benchIdleMillion],
  ['history', benchHistory],
  ['horizon', benchHorizon],
  ['growth', benchGrowth],
  ['footprint', benchFootprint],
  ['memory', benchMemory],
  ['observability', benchObservability],
  ['schedule', benchSchedule],
]);

const USAGE = `npm run bench -- [--rounds 3] [--scale 1] [--json <file>] [--plots <directory>] [--profile <directory>] [${[...BENCHMARKS.keys()].join(' | ')}]…`;

/** A benchmark whose result is in question is run three times, and the median counts. */
const ROUNDS = 3;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: String(ROUNDS) },
      scale: { type: 'string', default: '1' },
      json: { type: 'string' },
      plots: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  const unknown = positionals.filter((name) => !BENCHMARKS.has(name));
  if (unknown.length > 0) throw new Error(`there is no benchmark "${unknown.join('", "')}"`);
  const options = {
    rounds: numberBetween('rounds', values.rounds, 1, 100),
    scale: numberBetween('scale', values.scale, 0.001, 100),
    profileTo: values.profile,
    progress: (line: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`),
  };
  const results: Record<string, unknown> = {};
  for (const [name, run] of BENCHMARKS) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    options.progress(name);
    const report = await run(options);
    process.stdout.write(reportText(report));
    results[name] = report;
    if (values.plots === undefined || report.series === undefined) continue;
    for (const path of await writePlots(values.plots, report, describeMachine()))
      options.progress(`wrote ${path}`);
  }
  if (values.json === undefined) return;
  const { rounds, scale } = options;
  const result = { at: new Date().toISOString(), machine: describeMachine(), rounds, scale, results };
  await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
}

function numberBetween(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (value >= least && value <= most) return value;
  throw new Error(`--${name} is to be a number from ${least} to ${most}; got "${text}"`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n${USAGE}\n`,
  );
  process.exitCode = 1;
}
