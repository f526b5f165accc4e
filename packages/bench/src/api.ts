import { type ApiRequests, CONNECTIONS, prepareRequests } from './api/api-requests.ts';
import { type BareKind, BareServer } from './api/bare-server.ts';
import type { Load } from './api/load.ts';
import { LoadGenerator } from './api/load-generator.ts';
import { OtherProcesses } from './api/other-processes.ts';
import { type CpuTimes, latency, rate, type Trial, TrialResults } from './api/trial.ts';
import type { Benchmark, BenchOptions } from './benchmark.ts';
import type { Report } from './report.ts';
import { cpuOfFamily, cpuOfProcess } from './system/cpu-meter.ts';
import { BenchPostgres } from './system/postgres.ts';
import { Service } from './system/service.ts';

const GOALS = { creates: 1_500, reads: 4_000, p99Ms: 50 };
const SECONDS = 8;
const LEAST_SECONDS = 0.1;

/** How fast the api creates, reads and lists jobs, beside servers that answer as much with nothing behind them. */
export const benchApi: Benchmark = async (options) => {
  const running = new AsyncDisposableStack();
  try {
    return await measure(options, running);
  } finally {
    await running.disposeAsync();
  }
};

async function measure(options: BenchOptions, running: AsyncDisposableStack): Promise<Report> {
  const keep = <T extends { stop(): Promise<void> }>(one: T): T => running.adopt(one, () => one.stop());
  const postgres = keep(await BenchPostgres.start());
  const { url: databaseUrl } = postgres;
  const { profileTo } = options;
  const service = keep(await Service.start({ databaseUrl, api: true, schedulers: 0, workers: 0, profileTo }));
  const generator = keep(new LoadGenerator());
  const seconds = Math.max(SECONDS * options.scale, LEAST_SECONDS);
  const requests = await prepareRequests(postgres.pool, service, seconds);
  const trials = apiTrials(service, requests);
  for (const kind of ['node:http', 'express'] as const) {
    const server = keep(await BareServer.start(kind, requests.jobBytes));
    trials.push(...bareTrials(kind, server, requests));
  }
  const others = new OtherProcesses();
  const results = await runAll(trials, options, {
    others,
    send: (load) => generator.run(load),
    cpuTimes: ({ serverPid }) => ({
      server: cpuOfProcess(serverPid),
      postgres: cpuOfFamily(postgres.pid),
      'load generator': cpuOfProcess(generator.pid),
    }),
  });
  return {
    title: `API, ${CONNECTIONS} connections; jobs of ${requests.jobBytes} bytes`,
    figures: results.flatMap((each) => each.figures()),
    cpu: results.map((each) => each.cpu()),
    notes: [
      'At a fixed rate: requests are timed from when they were to be sent, whether a connection was free or not.',
      'Bare servers read the same JSON and answer as many bytes as a job has; what limits them is the load generator.',
      `Other processes used ${others.cores.toFixed(2)} cores meanwhile.`,
    ],
  };
}

interface Bench {
  others: OtherProcesses;
  send: LoadGenerator['run'];
  cpuTimes: (trial: Trial) => CpuTimes;
}

/** One trial after the other, round by round. A first round is not counted: the code is compiled during it. */
async function runAll(
  trials: readonly Trial[],
  { rounds, progress }: BenchOptions,
  { others, send, cpuTimes }: Bench,
): Promise<TrialResults[]> {
  const results = trials.map((trial) => ({ trial, result: new TrialResults(trial) }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { trial, result } of results) {
      const before = cpuTimes(trial);
      const answers = await others.watch(
        () => cpuTimes(trial),
        () => send(trial.load),
      );
      if (round > 0) result.add(answers, before, cpuTimes(trial));
      progress(`round ${round} of ${rounds}: ${trial.what}: ${Math.round(answers.perSecond)}/s`);
    }
  }
  return results.map(({ result }) => result);
}

/** The api at saturation, and at half of its goals. */
function apiTrials(service: Service, { create, read, list }: ApiRequests): Trial[] {
  const [serverPid = 0] = service.pidsOf('api');
  return [
    { what: 'create a job', load: create, serverPid, figures: rate({ atLeast: GOALS.creates }) },
    { what: 'read a job', load: read, serverPid, figures: rate({ atLeast: GOALS.reads }) },
    { what: 'list 50 jobs', load: list, serverPid, figures: rate() },
    atFixedRate('create', create, GOALS.creates / 2, serverPid),
    atFixedRate('read', read, GOALS.reads / 2, serverPid),
  ];
}

function atFixedRate(what: string, load: Load, perSecond: number, serverPid: number): Trial {
  return {
    what: `${what} at ${perSecond}/s`,
    load: { ...load, perSecond },
    serverPid,
    figures: latency(GOALS.p99Ms),
  };
}

function bareTrials(kind: BareKind, { origin, pid }: BareServer, { create, read }: ApiRequests): Trial[] {
  const usual = { serverPid: pid, figures: rate() };
  return [
    { ...usual, what: `POST to bare ${kind}`, load: { ...create, origin } },
    { ...usual, what: `GET from bare ${kind}`, load: { ...read, origin } },
  ];
}
