import type { Violation } from './evidence.ts';

/** Violations of one rule that are shown. */
const SHOWN = 8;

/** What a run has broken, by rule, for people. */
export function listViolations(violations: readonly Violation[]): string[] {
  if (violations.length === 0) return ['no violation'];
  const byRule = Map.groupBy(violations, ({ rule }) => rule);
  const lines = [...byRule].flatMap(([rule, found]) => [
    `  ${rule}: ${found.length}`,
    ...found.slice(0, SHOWN).map(({ what }) => `    ${what}`),
    ...(found.length > SHOWN ? [`    and ${found.length - SHOWN} more`] : []),
  ]);
  return [`${violations.length} VIOLATIONS`, ...lines];
}
