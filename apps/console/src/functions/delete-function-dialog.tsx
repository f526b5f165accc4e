import type { AutomationFunction } from '../api/automation-function.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { useToast } from '../components/toasts.tsx';
import { useDeleteFunction } from './use-function-changes.ts';

interface DeleteFunctionDialogProps {
  fn: AutomationFunction;
  onDeleted?: () => void;
  onClose: () => void;
}

/** Deletes a function once that is confirmed. It is refused while an enabled job uses it. */
export function DeleteFunctionDialog({ fn, onDeleted, onClose }: DeleteFunctionDialogProps) {
  const toast = useToast();
  const remove = useDeleteFunction(fn, () => {
    toast({ message: `Deleted ${fn.name}.` });
    onClose();
    onDeleted?.();
  });
  return (
    <ConfirmDialog
      title={`Delete ${fn.name}?`}
      action="Delete function"
      isDanger
      isOpen
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      Its secret is gone with it, and there is no way back. Executions that it has had stay in the ledger.
    </ConfirmDialog>
  );
}
