import { useMutation, useQueryClient } from '@tanstack/react-query';

import { useApi } from '../api/api-context.ts';
import type { Tagged } from '../api/api.ts';
import type { Execution } from '../api/execution.ts';
import type { Job } from '../api/job.ts';
import { queryKeys } from '../api/query-keys.ts';
import { useToast } from '../components/toasts.tsx';

/** What can be done with a job from its page. */
export interface JobActions {
  run: () => void;
  setEnabled: (enabled: boolean) => void;
  isRunPending: boolean;
}

/** Runs, pauses and resumes a job; each can be undone from the message that tells of it. */
export function useJobActions(job: Job): JobActions {
  const api = useApi();
  const toast = useToast();
  const { show, reread } = useShownJob(job.id);
  const fail = (error: Error) => toast({ message: error.message, isError: true });

  const enabling = useMutation({
    mutationFn: (enabled: boolean) =>
      api.send<Job>(`/automation/jobs/${job.id}`, { method: 'PATCH', body: { enabled } }),
    onMutate: (enabled) => show({ enabled, status: enabled ? 'active' : 'paused', next_run: null }),
    onSuccess: (_answer, enabled) =>
      toast({
        message: `${enabled ? 'Resumed' : 'Paused'} ${job.name}.`,
        onUndo: () => enabling.mutate(!enabled),
      }),
    onError: fail,
    onSettled: reread,
  });
  const cancelling = useMutation({
    mutationFn: (executionId: string) =>
      api.send<Execution>(`/automation/executions/${executionId}/cancel`, { method: 'POST' }),
    onSuccess: () => toast({ message: `Cancelled the run of ${job.name}.` }),
    onError: fail,
    onSettled: reread,
  });
  const running = useMutation({
    mutationFn: () => api.make<Execution>(`/automation/jobs/${job.id}/run`),
    onSuccess: ({ id }) =>
      toast({ message: `Started a run of ${job.name}.`, onUndo: () => cancelling.mutate(id) }),
    onError: fail,
    onSettled: reread,
  });
  return {
    run: () => running.mutate(),
    setEnabled: (enabled) => enabling.mutate(enabled),
    isRunPending: running.isPending,
  };
}

/** Shows a change before it is answered, and reads all that it concerns again once it is. */
function useShownJob(id: string) {
  const queries = useQueryClient();
  return {
    show: async (change: Partial<Job>) => {
      // What was asked for before would undo what is shown now.
      await queries.cancelQueries({ queryKey: queryKeys.job(id) });
      queries.setQueryData<Tagged<Job>>(
        queryKeys.jobDetail(id),
        (shown) => shown && { ...shown, value: { ...shown.value, ...change } },
      );
    },
    reread: async () => {
      const stale = [queryKeys.job(id), queryKeys.jobs(), queryKeys.jobRecentExecutions(id)];
      await Promise.all(stale.map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  };
}
