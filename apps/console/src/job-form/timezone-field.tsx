import { ComboBox } from 'react-aria-components';

import type { EditorProps } from '../components/editor-props.ts';
import field from '../components/field.module.css';
import { ComboBoxParts } from './combo-box-parts.tsx';

const HERE = new Intl.DateTimeFormat().resolvedOptions().timeZone;
const NAMES = [...new Set(['UTC', HERE, ...Intl.supportedValuesOf('timeZone')])];
const CHOICES = NAMES.map((name) => ({ id: name, value: name, label: name }));

/** An IANA time zone: one of those that the browser knows, or another one that is typed. */
export function TimezoneField({ label, value, onChange, error, autoFocus }: EditorProps) {
  return (
    <ComboBox
      className={field.field}
      defaultItems={CHOICES}
      inputValue={value}
      onInputChange={onChange}
      allowsCustomValue
      autoFocus={autoFocus}
      isInvalid={error !== undefined}
    >
      <ComboBoxParts label={label} placeholder="Europe/London" error={error} />
    </ComboBox>
  );
}
