import { FieldError, Input, Label, Text, TextField } from 'react-aria-components';

import field from '../components/field.module.css';
import type { EditorProps } from '../components/editor-props.ts';
import styles from './schedule-field.module.css';

/** A schedule as text. What it means is shown by the preview beside it. */
export function ScheduleField({ label, value, onChange, error, autoFocus }: EditorProps) {
  return (
    <TextField
      className={field.field}
      value={value}
      onChange={onChange}
      isInvalid={error !== undefined}
      autoFocus={autoFocus}
    >
      <Label className={field.label}>{label}</Label>
      <Input
        className={`${field.input} ${styles.input}`}
        placeholder="0 9 * * MON-FRI"
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
      />
      {error === undefined && (
        <Text slot="description" className={`${field.description} ${styles.forms}`}>
          Five cron fields, or <code>@hourly</code>, <code>@daily</code>, <code>@every 90m</code>,{' '}
          <code>@at 2026-12-24T18:00:00Z</code>
        </Text>
      )}
      <FieldError className={field.error}>{error}</FieldError>
    </TextField>
  );
}
