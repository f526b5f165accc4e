import { useState } from 'react';

import { FormDialog } from '../components/form-dialog.tsx';
import { NEW_FUNCTION } from './function-draft.ts';
import { FunctionFields } from './function-fields.tsx';
import { faultOutsideOfFields } from './function-problems.ts';
import { type FunctionWithSecret, useCreateFunction } from './use-function-changes.ts';

interface CreateFunctionDialogProps {
  onCreated: (fn: FunctionWithSecret) => void;
  onClose: () => void;
}

/** Registers a function. */
export function CreateFunctionDialog({ onCreated, onClose }: CreateFunctionDialogProps) {
  const [draft, setDraft] = useState(NEW_FUNCTION);
  const create = useCreateFunction(onCreated);
  return (
    <FormDialog
      title="New function"
      action="Create function"
      isPending={create.isPending}
      error={faultOutsideOfFields(create.error)}
      onSubmit={() => create.mutate(draft)}
      onClose={onClose}
    >
      <FunctionFields draft={draft} onChange={setDraft} error={create.error} />
    </FormDialog>
  );
}
