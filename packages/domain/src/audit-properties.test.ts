import * as fc from 'fast-check';

import { auditSimulation, type Entry, entriesOf } from './audit.fixture.ts';
import { live, lives } from './lives.fixture.ts';

const RUNS = { numRuns: 500 };

test('whatever happens to a job, the audit finds everything accounted for', () => {
  fc.assert(
    fc.property(lives, (life) => {
      const simulation = live(life);
      if (simulation === null) return;
      const { unaccounted, unexpected } = auditSimulation(simulation);
      // Planned anew while the clock was behind, a job runs or misses what the ledger has already.
      const repeats = simulation.wasReplannedInThePast ? unexpected : 0;
      expect({ unaccounted, unexpected }).toEqual({ unaccounted: 0, unexpected: repeats });
    }),
    RUNS,
  );
});

test('any entry that is taken out of a ledger is unaccounted for', () => {
  fc.assert(
    fc.property(lives, fc.nat(), (life, nth) => {
      const simulation = live(life);
      const entries = simulation === null ? [] : entriesOf(simulation);
      if (simulation === null || simulation.wasReplannedInThePast || entries.length === 0) return;
      const taken = nth % entries.length;
      const { unaccounted, due, unexpected } = auditSimulation(simulation, entries.toSpliced(taken, 1));
      expect({ unaccounted: unaccounted + due, unexpected }).toEqual({
        unaccounted: countOf(entries[taken]) + auditSimulation(simulation).due,
        unexpected: 0,
      });
    }),
    RUNS,
  );
});

test('any entry that is in a ledger twice is unexpected, and so is one that is moved', () => {
  fc.assert(
    fc.property(lives, fc.nat(), (life, nth) => {
      const simulation = live(life);
      const entries = simulation === null ? [] : entriesOf(simulation);
      const entry = entries[nth % entries.length];
      if (simulation === null || simulation.wasReplannedInThePast || entry === undefined) return;
      const twice = auditSimulation(simulation, [...entries, entry]);
      expect(twice).toMatchObject({ unaccounted: 0, unexpected: countOf(entry) });
      const moved = auditSimulation(simulation, [
        ...entries.filter((other) => other !== entry),
        later(entry),
      ]);
      expect(moved.unexpected).toBeGreaterThan(0);
      expect(moved.unaccounted + moved.due).toBeGreaterThan(0);
    }),
    RUNS,
  );
});

function countOf(entry: Entry | undefined): number {
  if (entry === undefined) return 0;
  return entry instanceof Date ? 1 : entry.count;
}

/** Half a second later than any occurrence. */
function later(entry: Entry): Entry {
  return entry instanceof Date
    ? halfASecondLater(entry)
    : { ...entry, from: halfASecondLater(entry.from), to: halfASecondLater(entry.to) };
}

function halfASecondLater(at: Date): Date {
  return new Date(at.getTime() + 500);
}
