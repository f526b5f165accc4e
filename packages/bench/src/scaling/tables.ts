import { about, bytes, measuredNumber } from './amount.ts';
import { LARGEST_PARTITION_BYTES, type Limit, limitsOf, type Need, needOf, runsPerCore } from './capacity.ts';
import { markdownTable } from './markdown-table.ts';
import type { CpuPerRun, Measured } from './measured.ts';
import type { Settings } from './settings.ts';

/** Multiples of one node that the page speaks of. */
export const STEPS = [1, 10, 100, 1_000] as const;

/** The page's tables by name. Whatever number the page has stands in one of them. */
export function scalingTables(measured: Measured, settings: Settings): ReadonlyMap<string, string> {
  return new Map([
    ['measured', measuredTable(measured)],
    ['others', othersTable(measured, settings)],
    ['rates', ratesTable(measured)],
    ['sharing', sharingTable(measured)],
    ['limits', limitsTable(limitsOf(measured, settings))],
    ['steps', stepsTable(STEPS.map((nodes) => needOf(nodes, measured, settings)))],
  ]);
}

function measuredTable({ backlog, steady }: Measured): string {
  const cpu = (kind: keyof CpuPerRun) => [backlog.cpu[kind], steady.cpu[kind]].map(measuredNumber);
  const writes = (value: (load: Measured['steady' | 'backlog']) => number, shown = measuredNumber) =>
    [backlog, steady].map((load) => shown(value(load)));
  return markdownTable(
    ['of one run', 'in a backlog', 'at a steady load'],
    [
      ['runs/s', measuredNumber(backlog.perSecond), measuredNumber(steady.perSecond)],
      ['worker, core-µs', ...cpu('worker')],
      ['PostgreSQL, core-µs', ...cpu('postgres')],
      ['scheduler, core-µs', ...cpu('scheduler')],
      ['functions, core-µs', ...cpu('functions')],
      ['WAL', ...writes((load) => load.writes.walBytes, bytes)],
      ['tasks', ...writes((load) => load.writes.tasks)],
      ['commits', ...writes((load) => load.writes.commits)],
      ['commits that wake a worker', ...writes((load) => load.writes.wakingCommits)],
    ],
  );
}

function othersTable(measured: Measured, { maxStorageBytes }: Settings): string {
  const { runBytes, jobBytes, workerBytes, steady } = measured;
  const minutesUntilFull = maxStorageBytes / runBytes / steady.perSecond / 60;
  return markdownTable(
    ['and beside that', ''],
    [
      ['lag p50 at the steady load', `${measuredNumber(steady.lagMs)} ms`],
      ['a run in the history', bytes(runBytes)],
      ['until `MAX_STORAGE_BYTES` is full, by its default', `${about(minutesUntilFull)} minutes`],
      ['a job', bytes(jobBytes)],
      ["a worker's memory at full load, at most", bytes(workerBytes)],
      ['reading a job: api and PostgreSQL', coreMicroseconds(measured.read)],
      ['creating a job: api and PostgreSQL', coreMicroseconds(measured.create)],
      ['commits of several sessions', `${measuredNumber(measured.commitsPerSecond)}/s`],
      ['the same, each with a NOTIFY', `${measuredNumber(measured.wakingCommitsPerSecond)}/s`],
      ['a NOTIFY in a transaction of its own', `${measuredNumber(measured.bareWakesPerSecond)}/s`],
      ['cores that others used while writes and commits were measured', about(measured.othersCores)],
    ],
  );
}

function ratesTable({ slower, steady }: Measured): string {
  return markdownTable(
    ['runs/s, falling due evenly', 'core-µs of a run', 'busy cores'],
    [...slower, steady].map(({ perSecond, cpu }) => [
      measuredNumber(perSecond),
      measuredNumber(1e6 / runsPerCore(cpu)),
      measuredNumber(perSecond / runsPerCore(cpu)),
    ]),
  );
}

function sharingTable({ sharing }: Measured): string {
  return markdownTable(
    ['workers, all on one node', 'runs/s of a backlog', 'PostgreSQL, core-µs of a run'],
    sharing.map(({ workers, perSecond, postgres }) => [
      String(workers),
      measuredNumber(perSecond),
      measuredNumber(postgres),
    ]),
  );
}

function coreMicroseconds({ server, postgres }: Measured['read']): string {
  return `${measuredNumber(server)} and ${measuredNumber(postgres)} core-µs`;
}

function limitsTable(limits: readonly Limit[]): string {
  return markdownTable(
    ['what ends', 'at runs/s'],
    limits.map(({ resource, runsPerSecond }) => [resource, about(runsPerSecond)]),
  );
}

function stepsTable(needs: readonly Need[]): string {
  const row = (what: string, shown: (need: Need) => string) => [what, ...needs.map(shown)];
  return markdownTable(
    ['', ...STEPS.map((nodes) => `${nodes.toLocaleString('en-US')} ×`)],
    [
      row('runs/s', (need) => about(need.runsPerSecond)),
      row('runs a day', (need) => `${about(need.runsPerDay / 1e9)} billion`),
      row('cells, each with a PostgreSQL', ({ cells }) => String(cells)),
      row('workers, a core each', ({ workers }) => String(workers)),
      row('memory of the workers', ({ workerBytes }) => bytes(workerBytes)),
      row('schedulers, a core each', ({ schedulers }) => String(schedulers)),
      row('cores of PostgreSQL', ({ cores }) => about(cores)),
      row('the same, with what workers cost each other', ({ coresShared }) => about(coresShared)),
      row('WAL a second', (need) => bytes(need.walBytesPerSecond)),
      row('history a day', (need) => bytes(need.historyBytesPerDay)),
      row('history of `HISTORY_DAYS`', (need) => bytes(need.historyBytesKept)),
      row('tasks a second', ({ tasksPerSecond }) => about(tasksPerSecond)),
      row('dead rows a second, for vacuum', (need) => about(need.deadRowsPerSecond)),
      row('in a cell: `max_wal_size`', (need) => bytes(need.walBytesPerCheckpoint)),
      row(`in a cell: partitions a day, of ${bytes(LARGEST_PARTITION_BYTES)}`, ({ partitionsPerDay }) =>
        about(partitionsPerDay),
      ),
      row('in a cell: connections', (need) => about(need.connectionsPerCell)),
      row('in a cell: of its commits with a NOTIFY', (need) => `${about(100 * need.wakingShare)} %`),
    ],
  );
}
