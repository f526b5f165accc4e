import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react';

import type { Job } from '../api/job.ts';
import { rowAfter } from './row-move.ts';
import type { JobSelection } from './use-selection.ts';

interface GridKeysOptions {
  jobs: readonly Job[];
  grid: RefObject<HTMLDivElement | null>;
  pageSize: number;
  /** Null if nothing can be selected. */
  selection: JobSelection | null;
  onOpen: (id: string) => void;
}

/**
 * The keyboard in a table of jobs. One row is its stop of the tab key, and the controls of that row follow. Arrows, page keys,
 * Home and End move on; Space selects, Shift extends, Ctrl+A selects all, Escape none; Enter opens.
 */
export function useGridKeys({ jobs, grid, pageSize, selection, onOpen }: GridKeysOptions) {
  const [activeId, setActiveId] = useState<string | null>(null);
  const activeRow = Math.max(
    jobs.findIndex(({ id }) => id === activeId),
    0,
  );
  // A row that was out of view takes the focus once it is drawn.
  const isToBeFocused = useRef(false);
  useEffect(() => {
    if (!isToBeFocused.current) return;
    isToBeFocused.current = false;
    rowOf(grid, activeRow)?.focus();
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const isInRow = event.target === rowOf(grid, activeRow);
    const to = rowAfter(event.key, activeRow, { count: jobs.length, pageSize });
    const target = to === null ? undefined : jobs[to];
    if (target !== undefined) {
      isToBeFocused.current = true;
      setActiveId(target.id);
      if (event.shiftKey) selection?.extendTo(target.id);
    } else if (!act(event, { isInRow, id: jobs[activeRow]?.id, selection, onOpen })) {
      return;
    }
    event.preventDefault();
  };
  return { activeRow, onKeyDown, onActivate: useCallback((id: string) => setActiveId(id), []) };
}

interface Acting {
  /** Whether the row has the focus itself, rather than one of its controls. */
  isInRow: boolean;
  id: string | undefined;
  selection: JobSelection | null;
  onOpen: (id: string) => void;
}

/** Does what a key asks for; answers whether it asked for something. */
function act(event: KeyboardEvent, { isInRow, id, selection, onOpen }: Acting): boolean {
  if (selection !== null && selectAll(event, selection)) return true;
  if (!isInRow || id === undefined) return false;
  if (event.key === 'Enter') onOpen(id);
  else if (event.key === ' ' && selection !== null) selection.toggle(id);
  else return false;
  return true;
}

function selectAll({ key, ctrlKey, metaKey }: KeyboardEvent, selection: JobSelection): boolean {
  if (key === 'a' && (ctrlKey || metaKey)) selection.toggleAll();
  else if (key === 'Escape') selection.clear();
  else return false;
  return true;
}

function rowOf(grid: RefObject<HTMLDivElement | null>, row: number): HTMLElement | null {
  return grid.current?.querySelector<HTMLElement>(`[data-row="${row}"]`) ?? null;
}
