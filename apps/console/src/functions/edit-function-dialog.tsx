import { useState } from 'react';

import type { AutomationFunction } from '../api/automation-function.ts';
import { FormDialog } from '../components/form-dialog.tsx';
import { useToast } from '../components/toasts.tsx';
import { draftOf } from './function-draft.ts';
import { FunctionFields } from './function-fields.tsx';
import { faultOutsideOfFields } from './function-problems.ts';
import { useUpdateFunction } from './use-function-changes.ts';

interface EditFunctionDialogProps {
  fn: AutomationFunction;
  onClose: () => void;
}

/** Changes a function: the fields that were edited, and no others. */
export function EditFunctionDialog({ fn, onClose }: EditFunctionDialogProps) {
  const [draft, setDraft] = useState(() => draftOf(fn));
  const toast = useToast();
  const update = useUpdateFunction(fn, ({ name }) => {
    toast({ message: `Changed ${name}.` });
    onClose();
  });
  return (
    <FormDialog
      title={`Edit ${fn.name}`}
      action="Save"
      isPending={update.isPending}
      error={faultOutsideOfFields(update.error)}
      onSubmit={() => update.mutate(draft)}
      onClose={onClose}
    >
      <FunctionFields draft={draft} onChange={setDraft} error={update.error} />
    </FormDialog>
  );
}
