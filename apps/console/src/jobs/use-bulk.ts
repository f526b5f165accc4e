import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';

import { useApi } from '../api/api-context.ts';
import type { Job } from '../api/job.ts';
import { queryKeys } from '../api/query-keys.ts';
import { useToast } from '../components/toasts.tsx';
import { type BulkKind, bulkKind, type Target } from './bulk-kind.ts';
import { doneMessage } from './bulk-message.ts';
import { type JobPages, withJobs } from './job-pages.ts';
import { type Failure, runBulk } from './run-bulk.ts';

export interface BulkProgress {
  kind: BulkKind;
  settled: number;
  total: number;
  /** Leaves the rest as it is. */
  stop: () => void;
}

export interface BulkFailures {
  kind: BulkKind;
  failed: Failure<Target>[];
  total: number;
}

export interface Bulk {
  /** Null if nothing is under way. */
  progress: BulkProgress | null;
  /** Of the last time; null if all went well. */
  failures: BulkFailures | null;
  start: (kind: BulkKind, targets: readonly Target[]) => void;
  /** Forgets the failures. */
  dismiss: () => void;
}

/** Changes many jobs, shows them changed at once, and tells what has come of it with a way back. */
export function useBulk(): Bulk {
  const api = useApi();
  const toast = useToast();
  const show = useShowJobs();
  const queries = useQueryClient();
  const [progress, setProgress] = useState<BulkProgress | null>(null);
  const [failures, setFailures] = useState<BulkFailures | null>(null);

  const run = useCallback(
    async (kind: BulkKind, targets: readonly Target[]): Promise<void> => {
      const { work, expected, undo } = bulkKind(kind);
      const total = targets.length;
      const abort = new AbortController();
      const onStep = (settled: number) => setProgress({ kind, settled, total, stop: () => abort.abort() });
      setFailures(null);
      onStep(0);
      // What was asked for before would undo what is shown now.
      await queries.cancelQueries({ queryKey: queryKeys.jobs() });
      show(targets.map(({ job }) => ({ ...job, ...expected })));
      const { done, failed } = await runBulk(targets, (target) => work(api, target), {
        onStep,
        signal: abort.signal,
      });
      show([...targets, ...done].map(({ job }) => job));
      setProgress(null);
      if (failed.length > 0) setFailures({ kind, failed, total });
      const onUndo = undo === null ? undefined : () => void run(undo, done);
      if (done.length > 0) toast({ message: doneMessage(kind, done), onUndo });
      await Promise.all([
        queries.invalidateQueries({ queryKey: queryKeys.jobs() }),
        queries.invalidateQueries({ queryKey: queryKeys.recentExecutions() }),
      ]);
    },
    [api, queries, show, toast],
  );
  const start = useCallback<Bulk['start']>((kind, targets) => void run(kind, targets), [run]);
  return { progress, failures, start, dismiss: useCallback(() => setFailures(null), []) };
}

/** Shows jobs in the lists that have them. */
function useShowJobs(): (jobs: readonly Job[]) => void {
  const queries = useQueryClient();
  return useCallback(
    (jobs) =>
      void queries.setQueriesData<JobPages>(
        { queryKey: queryKeys.jobLists() },
        (pages) => pages && withJobs(pages, jobs),
      ),
    [queries],
  );
}
