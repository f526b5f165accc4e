import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Results } from './results.ts';

const figure = (what: string, median: number) => ({
  what,
  unit: '/s',
  rounds: { median, lowest: median, highest: median },
});

const RESULT = {
  machine: { cores: 4 },
  results: {
    pace: {
      title: 'Pace',
      figures: [figure('fast', 100), figure('twice', 1), figure('twice', 2)],
      cpu: [{ what: 'all of it', perRun: { worker: 7 } }],
    },
  },
};

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'automation-results-'));
});

afterEach(() => rm(directory, { recursive: true }));

test('figures, CPU times and the machine are those of the benchmark, whichever file has it', async () => {
  await writeFile(join(directory, 'other.json'), JSON.stringify({ machine: { cores: 1 }, results: {} }));
  await writeFile(join(directory, 'pace.json'), JSON.stringify(RESULT));
  const results = await Results.read(directory);

  expect(results.figure('pace', 'fast')).toBe(100);
  expect(results.cpu('pace', 'all of it')).toEqual({ worker: 7 });
  expect(results.coresOf('pace')).toBe(4);
});

test('what was not measured, or is ambiguous, is an error that says which', async () => {
  await writeFile(join(directory, 'pace.json'), JSON.stringify(RESULT));
  const results = await Results.read(directory);

  expect(() => results.figure('lag', 'fast')).toThrow('there is no result of lag');
  expect(() => results.figure('pace', 'slow')).toThrow('the results of pace have 0 figures "slow"');
  expect(() => results.figure('pace', 'twice')).toThrow('the results of pace have 2 figures "twice"');
  expect(() => results.cpu('pace', 'some')).toThrow('the results of pace have no CPU time of "some"');
});

test('a file that is no result is an error', async () => {
  await writeFile(join(directory, 'package.json'), '{}');

  await expect(Results.read(directory)).rejects.toThrow('package.json is no result of a benchmark');
});
