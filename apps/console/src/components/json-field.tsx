import { useRef } from 'react';
import { Label, TextArea, TextField } from 'react-aria-components';

import { Button } from './button.tsx';
import field from './field.module.css';
import { FieldHelp } from './field-help.tsx';
import type { EditorProps } from './editor-props.ts';
import styles from './json-field.module.css';
import { findJsonFault } from './json-syntax.ts';
import { useDebounced } from './use-debounced.ts';

const PAUSE_MS = 400;
const FEWEST_ROWS = 4;
const MOST_ROWS = 20;

/** JSON as text. What is no JSON is shown with its place once typing pauses, with a way there. */
export function JsonField({ label, description, value, onChange, error, autoFocus }: EditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const settled = useDebounced(value, PAUSE_MS);
  const fault = settled.trim() === '' ? null : findJsonFault(settled);
  const rows = Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, value.split('\n').length));
  const goTo = (offset: number) => {
    area.current?.focus();
    area.current?.setSelectionRange(offset, offset + 1);
  };
  return (
    <TextField
      className={field.field}
      value={value}
      onChange={onChange}
      isInvalid={error !== undefined || fault !== null}
      autoFocus={autoFocus}
    >
      <Label className={field.label}>{label}</Label>
      <TextArea ref={area} className={`${field.input} ${styles.area}`} rows={rows} spellCheck={false} />
      <FieldHelp description={description} error={fault === null ? error : <Fault text={settled} />} />
      {fault !== null && (
        <div>
          <Button onPress={() => goTo(fault.offset)}>Go to the place</Button>
        </div>
      )}
    </TextField>
  );
}

const SHOWN_BEFORE = 40;

/** What is wrong, and the line with a caret below the place. */
function Fault({ text }: { text: string }) {
  const fault = findJsonFault(text);
  if (fault === null) return null;
  const line = text.split('\n')[fault.line - 1] ?? '';
  const from = Math.max(0, fault.column - 1 - SHOWN_BEFORE);
  return (
    <>
      Line {fault.line}, column {fault.column}: {fault.message}
      <code className={styles.place} aria-hidden="true">
        {`${line.slice(from, from + 2 * SHOWN_BEFORE)}\n${' '.repeat(fault.column - 1 - from)}↑`}
      </code>
    </>
  );
}
