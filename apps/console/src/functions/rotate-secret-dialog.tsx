import { useState } from 'react';

import type { AutomationFunction } from '../api/automation-function.ts';
import { FormDialog } from '../components/form-dialog.tsx';
import { type Choice, SelectField } from '../components/select-field.tsx';
import dialog from '../components/dialog.module.css';
import { type FunctionWithSecret, useRotateSecret } from './use-function-changes.ts';

interface RotateSecretDialogProps {
  fn: AutomationFunction;
  onRotated: (fn: FunctionWithSecret, overlapSeconds: number) => void;
  onClose: () => void;
}

type Overlap = '0' | '3600' | '86400' | '604800';

const OVERLAPS: readonly Choice<Overlap>[] = [
  { value: '86400', label: 'A day' },
  { value: '3600', label: 'An hour' },
  { value: '604800', label: 'A week' },
  { value: '0', label: 'Not at all' },
];

/** Gives a function a new secret, after asking how long the old one is to sign beside it. */
export function RotateSecretDialog({ fn, onRotated, onClose }: RotateSecretDialogProps) {
  const [overlap, setOverlap] = useState<Overlap>('86400');
  const seconds = Number(overlap);
  const rotate = useRotateSecret(fn, (rotated) => onRotated(rotated, seconds));
  return (
    <FormDialog
      title={`Rotate the secret of ${fn.name}?`}
      action="Rotate secret"
      isPending={rotate.isPending}
      error={rotate.error}
      onSubmit={() => rotate.mutate(seconds)}
      onClose={onClose}
    >
      <div className={dialog.body}>
        Requests are signed by a new secret from now on, which is shown once. While the old one signs beside
        it, the function may verify by either; put the new one in place before that ends.
      </div>
      <SelectField
        label="The old secret signs for"
        choices={OVERLAPS}
        value={overlap}
        onChange={setOverlap}
      />
    </FormDialog>
  );
}
