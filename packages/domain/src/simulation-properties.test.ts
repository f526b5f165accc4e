import * as fc from 'fast-check';

import { ledgerFaults } from './ledger.fixture.ts';
import { live, lives } from './lives.fixture.ts';
import type { Simulation } from './simulation.fixture.ts';

test('whatever happens to a job, every occurrence is in its ledger once, and no rule is broken (SPEC 3)', () => {
  fc.assert(
    fc.property(lives, (life) => {
      const simulation = live(life);
      if (simulation === null) return;
      expect(faultsOf(simulation)).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

/** Planned anew while the clock was behind, a job may count as missed what it ran before: then once is at least once. */
function faultsOf(simulation: Simulation): string[] {
  const faults = ledgerFaults(simulation);
  if (!simulation.wasReplannedInThePast) return faults;
  return faults.filter((fault) => !/ is in [2-9] entries$|, but there are \d+ occurrences$/.test(fault));
}
