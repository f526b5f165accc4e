import { type UIEvent, useCallback } from 'react';
import { useLocation } from 'react-router';

/** By the entries of the tab's history. */
const kept = new Map<string, number>();

/** How far a table was scrolled when one left it, for the way back to lead there. */
export function useKeptScroll(): { keptTop: number; onScroll: (event: UIEvent) => void } {
  const { key } = useLocation();
  const onScroll = useCallback(
    ({ currentTarget }: UIEvent) => void kept.set(key, currentTarget.scrollTop),
    [key],
  );
  return { keptTop: kept.get(key) ?? 0, onScroll };
}
