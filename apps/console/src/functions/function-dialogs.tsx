import { CreateFunctionDialog } from './create-function-dialog.tsx';
import { DeleteFunctionDialog } from './delete-function-dialog.tsx';
import { EditFunctionDialog } from './edit-function-dialog.tsx';
import type { FunctionDialog } from './function-dialog.ts';
import { RotateSecretDialog } from './rotate-secret-dialog.tsx';
import { SecretDialog } from './secret-dialog.tsx';

interface FunctionDialogsProps {
  dialog: FunctionDialog | null;
  /** Called with what is to be shown next; null: nothing. */
  onChange: (dialog: FunctionDialog | null) => void;
  onDeleted?: () => void;
}

/** The dialog that is open on a page of functions, if one is. */
export function FunctionDialogs({ dialog, onChange, onDeleted }: FunctionDialogsProps) {
  const close = () => onChange(null);
  switch (dialog?.kind) {
    case undefined:
      return null;
    case 'create':
      return (
        <CreateFunctionDialog
          onCreated={(fn) => onChange({ kind: 'secret', fn, overlapSeconds: null })}
          onClose={close}
        />
      );
    case 'edit':
      return <EditFunctionDialog fn={dialog.fn} onClose={close} />;
    case 'rotate':
      return (
        <RotateSecretDialog
          fn={dialog.fn}
          onRotated={(fn, overlapSeconds) => onChange({ kind: 'secret', fn, overlapSeconds })}
          onClose={close}
        />
      );
    case 'delete':
      return <DeleteFunctionDialog fn={dialog.fn} onDeleted={onDeleted} onClose={close} />;
    case 'secret':
      return <SecretDialog fn={dialog.fn} overlapSeconds={dialog.overlapSeconds} onClose={close} />;
  }
}
