import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';

import { ErrorState } from '../components/error-state.tsx';
import { LoadingState } from '../components/loading-state.tsx';
import { StaleNotice } from '../components/stale-notice.tsx';
import { useIsPhone } from '../components/use-is-phone.ts';
import { useMedia } from '../components/use-media.ts';
import { useMay } from '../session/identity.ts';
import { BulkBar } from './bulk-bar.tsx';
import { columnsFor, type Room } from './job-columns.tsx';
import { type JobPages, jobsOf } from './job-pages.ts';
import styles from './jobs-page.module.css';
import { JobsTable } from './jobs-table.tsx';
import { ALL_JOBS, isFiltered, type JobsView } from './jobs-view.ts';
import { NoJobs, NoMatch } from './no-jobs.tsx';
import type { Bulk } from './use-bulk.ts';
import { isLong } from './use-job-list.ts';
import { useSelection } from './use-selection.ts';

interface JobsListProps {
  list: UseInfiniteQueryResult<JobPages>;
  view: JobsView;
  onView: (change: Partial<JobsView>) => void;
  bulk: Bulk;
}

/** The jobs of a view, or why there are none to be seen. */
export function JobsList(props: JobsListProps) {
  const { list, view, onView } = props;
  const mayWrite = useMay('write');
  const { data, error, refetch } = list;
  if (data === undefined && error !== null)
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <LoadingState label="Reading jobs" rows={12} />;
  if (data.pages.every(({ items }) => items.length === 0)) {
    return isFiltered(view) ? (
      <NoMatch onClear={() => onView({ ...ALL_JOBS, sort: view.sort, order: view.order })} />
    ) : (
      <NoJobs mayWrite={mayWrite} />
    );
  }
  return <FoundJobs {...props} pages={data} />;
}

const ROW_HEIGHTS: Record<Room, number> = { wide: 52, narrow: 52, slim: 52, phone: 92 };

function FoundJobs({ list, pages, view, onView, bulk }: JobsListProps & { pages: JobPages }) {
  const mayWrite = useMay('write');
  const room = useRoom();
  const columns = useMemo(() => columnsFor(room, mayWrite), [room, mayWrite]);
  const jobs = useMemo(() => jobsOf(pages), [pages]);
  const selection = useSelection(jobs);
  const selected = useMemo(() => jobs.filter(({ id }) => selection.ids.has(id)), [jobs, selection.ids]);
  const onMore = useMoreJobs(list);
  return (
    <>
      <OldNews list={list} />
      <div className={styles.table}>
        <JobsTable
          jobs={jobs}
          columns={columns}
          rowHeight={ROW_HEIGHTS[room]}
          view={view}
          onView={onView}
          selection={selection}
          start={bulk.start}
          onMore={onMore}
          isPast={list.isPlaceholderData}
          isLong={isLong(pages)}
        />
        <BulkBar selected={selected} bulk={bulk} onClear={selection.clear} />
      </div>
    </>
  );
}

function useRoom(): Room {
  const isPhone = useIsPhone();
  const isNarrow = useMedia('(min-width: 1270px)');
  const isWide = useMedia('(min-width: 1360px)');
  if (isPhone) return 'phone';
  if (isWide) return 'wide';
  return isNarrow ? 'narrow' : 'slim';
}

/** Says that what is shown could not be read again, or no further. */
function OldNews({ list }: Pick<JobsListProps, 'list'>) {
  const { error, dataUpdatedAt, isFetchNextPageError, fetchNextPage, refetch } = list;
  if (error === null) return null;
  const retry = isFetchNextPageError ? fetchNextPage : refetch;
  return <StaleNotice error={error} readAt={dataUpdatedAt} onRetry={() => void retry()} />;
}

/** The way to read the next page; undefined after the last one. */
function useMoreJobs(list: JobsListProps['list']): (() => void) | undefined {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  return useMemo(() => {
    if (!hasNextPage) return undefined;
    return () => {
      // One that could not be read is read again when it is asked for.
      if (!isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
    };
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
}
