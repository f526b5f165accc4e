import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { useApi } from '../api/api-context.ts';
import type { Execution } from '../api/execution.ts';
import { queryKeys } from '../api/query-keys.ts';
import { Button } from '../components/button.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { useToast } from '../components/toasts.tsx';

/** A button that cancels an execution which is under way, once that is confirmed. */
export function CancelExecution({ execution }: { execution: Execution }) {
  const [isAsked, setAsked] = useState(false);
  const toast = useToast();
  const cancel = useCancel(execution.id, () => {
    setAsked(false);
    toast({ message: 'The execution is cancelled.' });
  });
  return (
    <>
      <Button onPress={() => setAsked(true)}>Cancel execution</Button>
      <ConfirmDialog
        title="Cancel this execution?"
        action="Cancel execution"
        isDanger
        isOpen={isAsked}
        isPending={cancel.isPending}
        error={cancel.error}
        onConfirm={() => cancel.mutate()}
        onClose={() => {
          setAsked(false);
          cancel.reset();
        }}
      >
        Its request is cut off if one is under way. What the function does after that is not recorded, and
        there is no way back; the job can be run again.
      </ConfirmDialog>
    </>
  );
}

function useCancel(id: string, onCancelled: () => void) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.send<Execution>(`/automation/executions/${id}/cancel`, { method: 'POST' }),
    onSuccess: (cancelled) => {
      queries.setQueryData(queryKeys.execution(id), cancelled);
      onCancelled();
      return queries.invalidateQueries({ queryKey: queryKeys.job(cancelled.job_id) });
    },
  });
}
