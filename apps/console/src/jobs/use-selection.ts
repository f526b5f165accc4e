import { useCallback, useMemo, useRef, useState } from 'react';

import type { Job } from '../api/job.ts';
import { withRange } from './selected-range.ts';

export interface JobSelection {
  ids: ReadonlySet<string>;
  /** Selects a job, or not any more. */
  toggle: (id: string) => void;
  /** Selects all jobs from the one that was selected last. */
  extendTo: (id: string) => void;
  /** Selects all that have been read, or none. */
  toggleAll: () => void;
  clear: () => void;
}

/** Which jobs are selected. */
export function useSelection(jobs: readonly Job[]): JobSelection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  // Handlers stay the same while jobs come and change, so that no row is drawn anew for them.
  const read = useRef(jobs);
  read.current = jobs;
  const last = useRef<string | null>(null);
  const toggle = useCallback((id: string) => {
    last.current = id;
    setIds((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  const extendTo = useCallback((id: string) => {
    const from = last.current ?? id;
    setIds((before) => withRange(before, idsOf(read.current), { from, to: id }));
  }, []);
  const toggleAll = useCallback(
    () => setIds((before) => new Set(before.size === read.current.length ? [] : idsOf(read.current))),
    [],
  );
  const clear = useCallback(() => setIds(new Set()), []);
  return useMemo(
    () => ({ ids, toggle, extendTo, toggleAll, clear }),
    [ids, toggle, extendTo, toggleAll, clear],
  );
}

function idsOf(jobs: readonly Job[]): string[] {
  return jobs.map(({ id }) => id);
}
