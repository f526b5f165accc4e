import type { NextOccurrence } from './next-occurrence.ts';
import { isInSearchWindow } from './search-window.ts';

/** What a search has learned: nothing occurs later than the instant asked from and before `until`. */
export interface Stretch {
  /** Milliseconds since the epoch; infinite if nothing ever occurs again. */
  readonly until: number;
  /** Whether something occurs at `until`, or the search went no further. */
  readonly occurs: boolean;
}

interface KnownStretch extends Stretch {
  /** The earliest instant asked from: it may itself be an occurrence, and the answer is for all from here to `until`. */
  readonly from: number;
}

/**
 * Answers from memory as long as it is asked about the stretch between two occurrences that it searched last. The
 * next occurrence is the same for every instant in it, and many jobs share a schedule, so few questions reach croner.
 */
export function rememberLastStretch(search: (after: number) => Stretch): NextOccurrence {
  let known: KnownStretch | null = null;

  return (after) => {
    if (known === null || !answers(known, after)) known = extend(known, after, search(after));
    return known.occurs && isInSearchWindow(known.until, after) ? known.until : null;
  };
}

function answers(known: KnownStretch, after: number): boolean {
  if (after < known.from || after >= known.until) return false;
  return known.occurs || !isInSearchWindow(known.until, after);
}

/** Joins what was known with what was found, if both lead up to the same occurrence. */
function extend(known: KnownStretch | null, after: number, found: Stretch): KnownStretch {
  const joined = known !== null && known.until === found.until && known.occurs === found.occurs;
  return { ...found, from: joined ? Math.min(known.from, after) : after };
}
