/*
 * Random lives of jobs: whatever users, schedulers and workers do, in whatever order, and wherever a connection or a
 * worker is lost, the database says what the simple model says. The same few runs each time; more of them, or other ones, by
 *
 *   MODEL_RUNS=1000 MODEL_SEED=42 npm test -- ledger-model
 *
 * A failure names its seed and its path, which repeat it, and the shortest life that fails.
 */
import assert from 'node:assert/strict';

import { CATCH_UP_POLICIES, OVERLAP_POLICIES } from '@automation/domain';
import type { LeasedExecution } from '@automation/store';
import { type Fault, LOSSES } from '@automation/testing';
import * as fc from 'fast-check';

import { scan, START } from '../scan/scan.ts';
import { audit, compare } from './compare.fixture.ts';
import { type LedgerSystem, openLedgerSystem, type QueuedTask, settledOf } from './ledger-system.fixture.ts';
import { type ModelExecution, ModelJob, type Result, type Settings } from './model-job.fixture.ts';

const RUNS = Number(process.env['MODEL_RUNS'] ?? 12);
const SEED = Number(process.env['MODEL_SEED'] ?? 1);
/** Ahead of every clock, so that whatever reads another one is found out. */
const BEGINNING = Date.parse('2040-01-01T00:00:00Z');
const MOST_JOBS = 3;

interface Lease {
  job: ModelJob;
  execution: ModelExecution;
  task: QueuedTask;
  leased: LeasedExecution;
}

/** A task in a worker's hands, and what of it is not recorded. */
interface Hold {
  task: QueuedTask;
  open: Lease[];
}

interface Model {
  now: number;
  jobs: ModelJob[];
  holds: Hold[];
  /** What workers held that are thought to be dead. */
  ghosts: Lease[];
}

type Run = (model: Model, system: LedgerSystem) => Promise<void>;

/** Whatever happens, database and model agree after it. */
class Step implements fc.AsyncCommand<Model, LedgerSystem> {
  readonly #name: string;
  readonly #run: Run;
  readonly #isPossible: (model: Model) => boolean;

  constructor(name: string, isPossible: (model: Model) => boolean, run: Run) {
    this.#name = name;
    this.#isPossible = isPossible;
    this.#run = run;
  }

  check(model: Readonly<Model>): boolean {
    return this.#isPossible(model);
  }

  async run(model: Model, system: LedgerSystem): Promise<void> {
    await this.#run(model, system);
    await expectAgreement(model, system);
  }

  toString(): string {
    return this.#name;
  }
}

let system: LedgerSystem;

beforeAll(async () => {
  system = await openLedgerSystem();
});

afterAll(() => system.dispose());

async function expectAgreement({ jobs }: Model, real: LedgerSystem): Promise<void> {
  const { found, expected } = await compare(real, jobs);
  expect(found).toEqual(expected);
}

const nth = <T>(all: readonly T[], n: number): T => all[n % all.length]!;
const isEffective = ({ execution, task }: Lease) =>
  execution.isOpen && execution.task === task.id && execution.lease === task.attempt;
const openOf = ({ jobs }: Model) => jobs.flatMap((job) => job.open.map((execution) => ({ job, execution })));

async function pass(model: Model, real: LedgerSystem, duration: number): Promise<void> {
  model.now += duration;
  await real.setClock(model.now);
}

async function claim(model: Model, real: LedgerSystem, lost: Fault | null): Promise<void> {
  if (await real.claim(lost)) for (const job of model.jobs) job.claim(model.now);
}

/** The tasks that nobody has taken, in an order that does not depend on their ids. */
async function freeTasks({ jobs }: Model, real: LedgerSystem) {
  const { rows } = await real.store.pool.query<{ id: string; job_id: string; scheduled_for: Date }>(
    'SELECT id, job_id, scheduled_for FROM automation_executions',
  );
  const keyOf = new Map(
    rows.map(({ id, job_id: jobId, scheduled_for: at }) => {
      const n = jobs.findIndex((job) => job.id === jobId);
      const execution = jobs[n]!.executions.find((each) => each.at === at.getTime())!;
      return [id, { key: `${n} ${at.getTime()}`, job: jobs[n]!, execution }] as const;
    }),
  );
  const free = (await real.tasks()).filter(({ state }) => state !== 'active');
  return free
    .map((task) => {
      const named = task.executionIds.map((id) => ({ id, ...keyOf.get(id)! }));
      return { task, named, key: `${task.phase} ${named.map(({ key }) => key).join()} ${task.attempt}` };
    })
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

async function take(model: Model, real: LedgerSystem, n: number): Promise<void> {
  const free = await freeTasks(model, real);
  if (free.length === 0) return;
  const { task, named } = nth(free, n);
  const leased = await real.take(task);
  const open: Lease[] = [];
  for (const { id, job, execution } of named) {
    if (execution.formerTask === task.id) execution.isTaskTaken = true;
    if (!execution.isOpen || execution.task !== task.id || (execution.lease ?? -1) >= task.attempt) continue;
    execution.lease = task.attempt;
    execution.status = task.phase === 'check' ? 'checking' : 'performing';
    open.push({ job, execution, task, leased: leased.find((each) => each.id === id)! });
  }
  expect(leased.map(({ id }) => id).toSorted()).toEqual(open.map(({ leased: each }) => each.id).toSorted());
  if (open.length > 0) model.holds.push({ task, open });
  else await real.record({ settled: [], completed: [task] }, null);
}

interface Recording {
  leases: readonly Lease[];
  completed: QueuedTask[];
  results: readonly Result[];
}

/** Records what leases came to; those that are not in force any more change nothing. */
async function record(
  model: Model,
  real: LedgerSystem,
  { leases, completed, results, fault }: Recording & { fault: Fault | null },
): Promise<boolean> {
  const settled = leases.map(({ leased }, n) => settledOf(leased, nth(results, n), model.now));
  if (!(await real.record({ settled, completed }, fault))) return false;
  const inForce = leases
    .map((lease, n) => ({ ...lease, result: nth(results, n) }))
    .filter((lease) => isEffective(lease));
  for (const [job, ofJob] of Map.groupBy(inForce, (lease) => lease.job)) job.record(ofJob, model.now);
  return true;
}

/** A worker finishes some of what it holds. If its connection is lost it tries again, or dies. */
async function finish(
  model: Model,
  real: LedgerSystem,
  given: { n: number; count: number; results: Result[]; ms: number; fault: Fault | null; dies: boolean },
): Promise<void> {
  await pass(model, real, given.ms);
  const hold = nth(model.holds, given.n);
  const leases = hold.open.slice(0, given.count);
  const left = hold.open.slice(given.count);
  const recording = { leases, completed: left.length === 0 ? [hold.task] : [], results: given.results };
  const isDone = await record(model, real, { ...recording, fault: given.fault });
  if (isDone && given.fault !== null)
    await real.record({ settled: [], completed: recording.completed }, null);
  if (!isDone && given.dies) {
    await die(model, real, hold);
    return;
  }
  if (!isDone) await record(model, real, { ...recording, fault: null });
  hold.open = left;
  if (left.length === 0) model.holds = model.holds.filter((other) => other !== hold);
}

async function die(model: Model, real: LedgerSystem, hold: Hold): Promise<void> {
  await real.handOutAgain(hold.task);
  model.ghosts.push(...hold.open);
  model.holds = model.holds.filter((other) => other !== hold);
}

const index = fc.nat({ max: 20 });
const fault = fc.option(fc.record({ nth: fc.nat({ max: 12 }), loss: fc.constantFrom(...LOSSES) }), {
  freq: 1,
});
const results = fc.array(fc.constantFrom<Result>('yes', 'yes', 'no', 'unavailable', 'rejected'), {
  minLength: 1,
  maxLength: 3,
});
const intervalMs = fc.constantFrom(30_000, 60_000, 420_000);
const overlap = fc.constantFrom(...OVERLAP_POLICIES);
const catchUp = fc.constantFrom(...CATCH_UP_POLICIES);
const maxRuns = fc.constantFrom(0, 0, 1, 2, 5);
const settings: fc.Arbitrary<Settings> = fc.record({ intervalMs, overlap, catchUp, maxRuns });
const changes = fc.oneof(
  fc.record({ intervalMs }),
  fc.record({ overlap, catchUp }),
  fc.record({ maxRuns }),
  settings,
);
/** From a moment to an outage. */
const ms = fc.constantFrom(1_000, 10_000, 30_000, 45_000, 60_000, 120_000, 600_000, 7_200_000);
/** How long a function takes. */
const duration = fc.constantFrom(0, 0, 1_000, 45_000, 120_000);
const hasJobs = ({ jobs }: Model) => jobs.length > 0;

const creates = settings.map(
  (given) =>
    new Step(
      `create ${JSON.stringify(given)}`,
      ({ jobs }) => jobs.length < MOST_JOBS,
      async (model, real) => {
        model.jobs.push(new ModelJob(await real.create(given, model.now), given, model.now));
      },
    ),
);
const waits = ms.map(
  (given) =>
    new Step(`wait ${given / 1_000} s`, hasJobs, async (model, real) => {
      await pass(model, real, given);
    }),
);
const claims = fault.map(
  (given) => new Step(`claim ${JSON.stringify(given)}`, hasJobs, (model, real) => claim(model, real, given)),
);
/** Time passes while a scheduler is there. */
const ticks = ms.map(
  (given) =>
    new Step(`tick after ${given / 1_000} s`, hasJobs, async (model, real) => {
      await pass(model, real, given);
      await claim(model, real, null);
    }),
);
const takes = fc.record({ n: index, count: fc.integer({ min: 1, max: 3 }) }).map(
  ({ n, count }) =>
    new Step(`take ${count} from ${n} on`, hasJobs, async (model, real) => {
      for (let taken = 0; taken < count; taken++) await take(model, real, n);
    }),
);
const finishes = fc
  .record({
    n: index,
    count: fc.integer({ min: 1, max: 3 }),
    results,
    ms: duration,
    fault,
    dies: fc.boolean(),
  })
  .map(
    (given) =>
      new Step(
        `finish ${JSON.stringify(given)}`,
        ({ holds }) => holds.length > 0,
        (model, real) => finish(model, real, given),
      ),
  );
/** A worker that nothing happens to takes a task and finishes it, and then perhaps what that leads to. */
const works = fc.record({ n: index, count: fc.integer({ min: 1, max: 3 }), results, ms: duration }).map(
  (given) =>
    new Step(`work ${JSON.stringify(given)}`, hasJobs, async (model, real) => {
      for (let worked = 0; worked < given.count; worked++) {
        const before = model.holds.length;
        await take(model, real, given.n);
        if (model.holds.length === before) continue;
        const finished = {
          n: before,
          count: 100,
          results: given.results,
          ms: given.ms,
          fault: null,
          dies: false,
        };
        await finish(model, real, finished);
        // Makes the next task known.
        await expectAgreement(model, real);
      }
    }),
);
const deaths = index.map(
  (n) =>
    new Step(
      `die ${n}`,
      ({ holds }) => holds.length > 0,
      (model, real) => die(model, real, nth(model.holds, n)),
    ),
);
/** A worker is thought to be dead, another one has its task already, and then it finishes after all, perhaps. */
const takeOvers = fc.record({ n: index, results: fc.option(results) }).map(
  ({ n, results: late }) =>
    new Step(
      `take over ${JSON.stringify({ n, late })}`,
      ({ holds }) => holds.length > 0,
      async (model, real) => {
        const hold = nth(model.holds, n);
        await die(model, real, hold);
        const free = await freeTasks(model, real);
        const again = free.findIndex(({ task }) => task.id === hold.task.id);
        await take(model, real, again);
        if (late === null) return;
        const recording = { leases: hold.open, completed: [hold.task], results: late };
        await record(model, real, { ...recording, fault: null });
      },
    ),
);
const lateFinishes = fc.record({ n: index, results }).map(
  (given) =>
    new Step(
      `finish late ${JSON.stringify(given)}`,
      ({ ghosts }) => ghosts.length > 0,
      async (model, real) => {
        const ghost = nth(model.ghosts.toReversed(), given.n);
        const recording = { leases: [ghost], completed: [ghost.task], results: given.results };
        await record(model, real, { ...recording, fault: null });
      },
    ),
);
const cancellations = index.map(
  (n) =>
    new Step(
      `cancel ${n}`,
      (model) => openOf(model).length > 0,
      async (model, real) => {
        const { job, execution } = nth(openOf(model), n);
        const { rows } = await real.store.pool.query<{ id: string }>(
          'SELECT id FROM automation_executions WHERE job_id = $1 AND scheduled_for = $2',
          [job.id, new Date(execution.at)],
        );
        assert.equal(await real.cancel(rows[0]!.id, job.id), true);
        job.cancel(execution);
      },
    ),
);
const pauses = index.map(
  (n) =>
    new Step(`pause or resume ${n}`, hasJobs, async (model, real) => {
      const job = nth(model.jobs, n);
      const enabled = job.status !== 'active';
      const isAccepted = enabled ? job.resume(model.now) : true;
      if (!enabled) job.pause(model.now);
      assert.equal(await real.change(job.id, { enabled }, model.now), isAccepted);
    }),
);
const edits = fc.record({ n: index, changes }).map(
  (given) =>
    new Step(`edit ${JSON.stringify(given)}`, hasJobs, async (model, real) => {
      const job = nth(model.jobs, given.n);
      const isAccepted = job.edit(given.changes, model.now);
      assert.equal(await real.change(job.id, given.changes, model.now), isAccepted);
    }),
);

/** Everything that is due is claimed, and everything that is open is finished. */
async function comeToRest(model: Model, real: LedgerSystem): Promise<void> {
  await claim(model, real, null);
  await expectAgreement(model, real);
  while (openOf(model).length > 0 || (await real.tasks()).length > 0) {
    while ((await freeTasks(model, real)).length > 0) await take(model, real, 0);
    while (model.holds.length > 0) {
      await finish(model, real, { n: 0, count: 100, results: ['yes'], ms: 0, fault: null, dies: false });
    }
    await expectAgreement(model, real);
  }
}

/** Each occurrence is in the ledger once, as the model and the audit see it. */
async function expectAllAccountedFor(model: Model, real: LedgerSystem): Promise<void> {
  for (const job of model.jobs) {
    const executed = job.executions.map(({ at }) => at);
    const missed = job.missed.reduce((sum, { count }) => sum + count, 0);
    const expected = job.expected(model.now);
    const unmissed = expected.filter((at) => !job.missed.some(({ from, to }) => from <= at && at <= to));
    expect(executed).toEqual(unmissed);
    expect(missed).toBe(expected.length - unmissed.length);
  }
  const audited = await audit(real, BEGINNING, model.now + 1);
  for (const job of model.jobs) {
    const expected = job.expected(model.now).length;
    expect(audited.get(job.id)).toMatchObject({ expected, due: 0, unaccounted: 0, unexpected: 0 });
  }
}

test('the clock of the tests is that of the statements', async () => {
  await system.clear();
  await system.setClock(BEGINNING);
  const { rows } = await system.store.pool.query<object>('SELECT now() AS a, clock_timestamp() AS b');
  expect(rows).toEqual([{ a: new Date(BEGINNING), b: new Date(BEGINNING) }]);
});

test(
  'whatever happens to jobs and in whatever order, the ledger is what the rules say',
  async () => {
    const often = [ticks, ticks, ticks, works, works, works, takes, finishes, finishes, takeOvers];
    const rare = [creates, waits, claims, deaths, lateFinishes, cancellations, pauses, edits];
    const life = fc.commands([...often, ...often, ...rare], {
      maxCommands: 120,
      size: 'max',
    });
    const property = fc.asyncProperty(settings, life, async (first, steps) => {
      const model: Model = { now: BEGINNING, jobs: [], holds: [], ghosts: [] };
      await system.clear();
      await system.setClock(BEGINNING);
      model.jobs.push(new ModelJob(await system.create(first, BEGINNING), first, BEGINNING));
      await fc.asyncModelRun(() => ({ model, real: system }), steps);
      await comeToRest(model, system);
      await expectAllAccountedFor(model, system);
      expect((await scan(system.store.db, system.queue, START))?.findings).toEqual([]);
    });
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
  },
  Math.max(300_000, RUNS * 5_000),
);
