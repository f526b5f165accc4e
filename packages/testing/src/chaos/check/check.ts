import type { Evidence, Violation } from '../evidence.ts';
import { account } from './accounting.ts';
import { compareActivity } from './activity.ts';
import { CaseFile } from './case-file.ts';
import { forbidOverlaps } from './overlaps.ts';
import { judgeEnds, judgeRefusals, measureRecoveries, type Recoveries } from './processes.ts';
import { boundRuns, compareAnswers, countRecords, recogniseCalls, requireChecks } from './records.ts';
import { explainRepeats, type Repeats } from './repeats.ts';

/** What the comparison of schedules, ledger and requests came to. */
export interface Verdict {
  violations: Violation[];
  /** Occurrences that the schedules yielded. */
  expected: number;
  repeats: Repeats;
  recoveries: Recoveries;
}

/** Judges a run by what it has left. */
export function check(evidence: Evidence): Verdict {
  const file = new CaseFile(evidence);
  const { violations, expected } = account(file);
  const repeats = explainRepeats(file);
  const recoveries = measureRecoveries(file);
  return {
    violations: [
      ...violations,
      ...countRecords(file),
      ...compareAnswers(file),
      ...requireChecks(file),
      ...boundRuns(file),
      ...recogniseCalls(file),
      ...forbidOverlaps(file),
      ...repeats.violations,
      ...judgeEnds(file),
      ...judgeRefusals(file),
      ...recoveries.violations,
      ...compareActivity(file),
    ],
    expected,
    repeats,
    recoveries,
  };
}
