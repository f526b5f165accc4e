import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect } from 'react';

import type { Job } from '../api/job.ts';

interface VisibleRowsOptions {
  jobs: readonly Job[];
  rowHeight: number;
  /** What scrolls. */
  grid: RefObject<HTMLDivElement | null>;
  /** How far it is scrolled at first. */
  keptTop: number;
  /** The row that has the focus, or would get it: it is drawn wherever it is. */
  activeRow: number;
  /** Reads the next page; undefined after the last one. */
  onMore: (() => void) | undefined;
}

/** Rows beyond those in view that are drawn, for there to be some when one scrolls on. */
const BEYOND = 8;
/** The next page is read when there are no more rows than that below. */
const FEW = 60;

/** Which rows are to be drawn, and where. */
export function useVisibleRows(options: VisibleRowsOptions) {
  const { jobs, rowHeight, grid, keptTop, activeRow, onMore } = options;
  const rows = useVirtualizer({
    count: jobs.length,
    getScrollElement: () => grid.current,
    estimateSize: () => rowHeight,
    getItemKey: (row) => jobs[row]?.id ?? row,
    overscan: BEYOND,
    initialOffset: keptTop,
    rangeExtractor: useCallback(
      (range: Parameters<typeof defaultRangeExtractor>[0]) => {
        const near = defaultRangeExtractor(range);
        return near.includes(activeRow) || activeRow >= range.count ? near : [...near, activeRow];
      },
      [activeRow],
    ),
  });
  useEffect(() => rows.measure(), [rows, rowHeight]);
  const { startIndex = 0, endIndex = 0 } = rows.range ?? {};
  useEffect(() => {
    if (endIndex + FEW >= jobs.length) onMore?.();
  }, [endIndex, jobs.length, onMore]);
  return { rows, shown: jobs.slice(startIndex, endIndex + 1) };
}
