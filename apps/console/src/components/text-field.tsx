import {
  Input,
  Label,
  TextArea,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from 'react-aria-components';

import { FieldHelp } from './field-help.tsx';
import styles from './field.module.css';

export interface TextFieldProps extends Omit<AriaTextFieldProps, 'className' | 'style' | 'children'> {
  label: string;
  description?: string;
  /** What is wrong, as the api words it (`error.problemOf('name')`). */
  error?: string;
  placeholder?: string;
  /** More than one makes it a text area. */
  rows?: number;
}

/** A line or an area of text with its label, and below it what is wrong or what it is for. */
export function TextField({ label, description, error, placeholder, rows = 1, ...props }: TextFieldProps) {
  return (
    <AriaTextField {...props} className={styles.field} isInvalid={error !== undefined}>
      <Label className={styles.label}>{label}</Label>
      {rows > 1 ? (
        <TextArea className={styles.input} rows={rows} placeholder={placeholder} />
      ) : (
        <Input className={styles.input} placeholder={placeholder} />
      )}
      <FieldHelp description={description} error={error} />
    </AriaTextField>
  );
}
