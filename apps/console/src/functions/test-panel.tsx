import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import { useLocation } from 'react-router';

import { Button } from '../components/button.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { Panel } from '../components/panel.tsx';
import { type Choice, SelectField } from '../components/select-field.tsx';
import type { PhaseName } from '../executions/waterfall.ts';
import { JsonField } from '../components/json-field.tsx';
import { readPayload } from './read-payload.ts';
import { TestAnswer } from './test-answer.tsx';
import styles from './test-panel.module.css';
import { useTestCall } from './use-test-call.ts';

const PHASES: readonly Choice<PhaseName>[] = [
  { value: 'check', label: 'Check: asks whether to act' },
  { value: 'perform', label: 'Perform: really acts' },
];

/** Of an address that leads to the test call. */
export const TEST_HASH = '#test';

/** Calls a function once, without a job, and shows what was sent and what came back. */
export function TestPanel({ functionId }: { functionId: string }) {
  const [phase, setPhase] = useState<PhaseName>('check');
  const [text, setText] = useState('{}');
  const payload = readPayload(text);
  const test = useTestCall(functionId);
  const form = useRef<HTMLFormElement>(null);
  const { hash } = useLocation();
  useEffect(() => {
    if (hash === TEST_HASH) form.current?.scrollIntoView({ block: 'center' });
  }, [hash]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (payload !== null && !test.isPending) test.mutate({ phase, payload });
  };
  return (
    <Panel title="Test call">
      <Form ref={form} className={styles.form} validationBehavior="aria" onSubmit={submit}>
        <SelectField label="Phase" choices={PHASES} value={phase} onChange={setPhase} />
        <JsonField
          label="Payload"
          description="A JSON object, as a job has it; automation_job and phase are added."
          value={text}
          onChange={setText}
          error={payload === null ? 'The payload has to be a JSON object.' : undefined}
        />
        <div className={styles.actions}>
          <Button type="submit" isPending={test.isPending} isDisabled={payload === null}>
            Call the function
          </Button>
        </div>
      </Form>
      <div className={styles.answer} aria-live="polite">
        {test.error !== null && <ErrorNote error={test.error} />}
        {test.data !== undefined && test.variables !== undefined && (
          <TestAnswer call={test.variables} answer={test.data} />
        )}
      </div>
    </Panel>
  );
}
