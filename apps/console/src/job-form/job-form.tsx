import { type FormEvent, useRef } from 'react';
import { Form } from 'react-aria-components';

import { Button } from '../components/button.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { LinkButton } from '../components/link-button.tsx';
import { Panel } from '../components/panel.tsx';
import { AdvancedFields } from './advanced-fields.tsx';
import type { JobFieldName } from './job-field.ts';
import { JobFields } from './job-fields.tsx';
import styles from './job-form.module.css';
import { LeaveGuard } from './leave-guard.tsx';
import type { JobDraftState } from './use-job-draft.ts';
import { useFocusOnProblem } from './use-focus-on-problem.ts';
import { WhenFields } from './when-fields.tsx';

interface JobFormProps {
  state: JobDraftState;
  /** Fields that are folded away at first. */
  advanced: readonly JobFieldName[];
  /** What the button does, such as `Create job`. */
  action: string;
  /** Where leaving without saving leads. */
  cancelTo: string;
}

/** All that can be said of a job. What is wrong stands at its field, in the words of the api. */
export function JobForm({ state, advanced, action, cancelTo }: JobFormProps) {
  const form = useRef<HTMLFormElement>(null);
  useFocusOnProblem(form, state.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!state.isSaving) state.save();
  };
  return (
    <Form ref={form} className={styles.form} onSubmit={submit} validationBehavior="aria">
      <Panel title="What">
        <JobFields names={['name', 'function_id', 'description']} state={state} />
      </Panel>
      <Panel title="When">
        <WhenFields state={state} />
      </Panel>
      <Panel title="Payload">
        <JobFields names={['payload']} state={state} />
      </Panel>
      <AdvancedFields names={advanced} state={state} />
      <div className={styles.foot}>
        {state.fault !== null && (
          <div className={styles.fault}>
            <ErrorNote error={state.fault} />
          </div>
        )}
        <LinkButton to={cancelTo}>Cancel</LinkButton>
        <Button type="submit" variant="primary" isPending={state.isSaving}>
          {action}
        </Button>
      </div>
      <LeaveGuard isActive={state.isChanged && !state.isSaving && !state.isSaved} />
    </Form>
  );
}
