import type { Benchmark, BenchOptions } from './benchmark.ts';
import { PEERS, type RunningPeer, startBareHttp } from './peers/peers.ts';
import type { CpuFigure, Figure } from './report.ts';
import { summarize } from './rounds.ts';
import { untilPerformed } from './system/backlog.ts';
import { contextOf, perUnit, System } from './system/system.ts';

const RUNS = 30_000;
/** One that waits for its own polling takes minutes for more. */
const RUNS_OF_SLOW_PEERS = 400;
const SLOW = /as one first writes it/;
const OURS = 'automation-service';
const LIMIT = 'two HTTP calls per run, nothing else';

/** How fast a backlog is worked off, beside the peers and the bare HTTP limit. */
export const benchThroughput: Benchmark = async (options) => {
  const system = await System.start({ profileTo: options.profileTo });
  try {
    const engines = new Map<string, Measured>();
    const notes: string[] = [];
    // A first round warms everything up.
    for (let round = 0; round <= options.rounds; round += 1) {
      const isCounted = round > 0;
      const note = (name: string, each: Measurement) => {
        options.progress(`throughput round ${round}: ${name}: ${Math.round(each.perSecond)} runs/s`);
        if (isCounted) engines.set(name, add(engines.get(name), each));
      };
      note(LIMIT, await measureBareHttp(system, options));
      note(OURS, await system.drain({ runs: Math.round(RUNS * options.scale) }));
      for (const { name, start } of PEERS) {
        const peer = await start(contextOf(system));
        if (typeof peer !== 'string') note(name, await measurePeer(system, peer, name, options));
        else if (isCounted) notes.push(`${name}: skipped, ${peer}`);
      }
    }
    return {
      title: 'Throughput: a backlog due at one instant, every run checked, performed and in the ledger',
      figures: figuresOf(engines),
      cpu: [...engines].map(([what, measured]) => cpuFigure(what, measured)),
      notes: [...new Set(notes)],
    };
  } finally {
    await system.stop();
  }
};

interface Measurement {
  perSecond: number;
  cpuPerRun: Record<string, number>;
}

interface Measured {
  rates: number[];
  cpu: Record<string, number>[];
}

function add(measured: Measured = { rates: [], cpu: [] }, { perSecond, cpuPerRun }: Measurement): Measured {
  return { rates: [...measured.rates, perSecond], cpu: [...measured.cpu, cpuPerRun] };
}

async function measureBareHttp(system: System, options: BenchOptions): Promise<Measurement> {
  return measurePeer(system, await startBareHttp(contextOf(system)), LIMIT, options);
}

async function measurePeer(
  system: System,
  running: RunningPeer,
  name: string,
  { scale }: BenchOptions,
): Promise<Measurement> {
  const runs = Math.round((SLOW.test(name) ? RUNS_OF_SLOW_PEERS : RUNS) * scale);
  const { functions } = system;
  const cpu = () => ({ ...running.cpu(), functions: system.cpu()['functions'] ?? NaN });
  try {
    await running.peer.tell({ kind: 'fill', runs, dueAt: Date.now() });
    await functions.take();
    const before = cpu();
    const start = Date.now();
    await running.peer.tell({ kind: 'work' });
    const lastAt = await untilPerformed(functions, runs, 300_000);
    return { perSecond: runs / ((lastAt - start) / 1_000), cpuPerRun: perUnit(before, cpu(), runs) };
  } finally {
    await running.stop();
  }
}

function figuresOf(engines: ReadonlyMap<string, Measured>): Figure[] {
  const ours = engines.get(OURS)?.rates ?? [];
  const rates = [...engines].map(([what, { rates: each }]): Figure => {
    const figure = { what, unit: 'runs/s', rounds: summarize(each) };
    return what === OURS ? { ...figure, goal: { atLeast: 3_000 } } : figure;
  });
  return [
    ...rates,
    ...[...engines]
      .filter(([name]) => name !== OURS)
      .map(([name, { rates: theirs }]) => {
        const atLeast = goalBeside(name);
        return {
          what: `  ${OURS} ÷ ${name}`,
          unit: '×',
          // Of the same round: what slows one of them slows the other too.
          rounds: summarize(theirs.map((rate, round) => (ours[round] ?? NaN) / rate)),
          ...(atLeast === null ? {} : { goal: { atLeast } }),
        };
      }),
  ];
}

function goalBeside(name: string): number | null {
  if (name === LIMIT) return 0.5;
  if (name.startsWith('BullMQ')) return 1.5;
  return name.startsWith('graphile-worker') ? 3.5 : null;
}

function cpuFigure(what: string, { cpu }: Measured): CpuFigure {
  const kinds = [...new Set(cpu.flatMap((each) => Object.keys(each)))];
  const median = (kind: string) => summarize(cpu.map((each) => each[kind] ?? 0)).median;
  return { what, perRun: Object.fromEntries(kinds.map((kind) => [kind, median(kind)])) };
}
