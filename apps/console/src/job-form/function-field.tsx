import { ComboBox } from 'react-aria-components';

import type { EditorProps } from '../components/editor-props.ts';
import field from '../components/field.module.css';
import { TextField } from '../components/text-field.tsx';
import { useFunctions } from '../functions/use-functions.ts';
import { ComboBoxParts } from './combo-box-parts.tsx';

/** The function to invoke: found by its name, or its id where another service keeps the functions. */
export function FunctionField({ label, value, onChange, error, autoFocus }: EditorProps) {
  const { data: functions, error: unread } = useFunctions();
  if (functions === null) {
    const description = 'Its id: another service keeps the functions.';
    return (
      <TextField
        label={label}
        description={description}
        value={value}
        onChange={onChange}
        error={error}
        autoFocus={autoFocus}
      />
    );
  }
  const choices = functions?.map(({ id, name }) => ({ id, value: id, label: name })) ?? [];
  const isEmpty = functions?.length === 0;
  return (
    <ComboBox
      className={field.field}
      // The name of the function that is chosen is known once all are.
      key={functions === undefined ? 'unknown' : 'known'}
      defaultItems={choices}
      selectedKey={value === '' ? null : value}
      defaultInputValue={choices.find((choice) => choice.value === value)?.label}
      onSelectionChange={(key) => onChange(key === null ? '' : String(key))}
      isInvalid={error !== undefined}
      menuTrigger="focus"
      autoFocus={autoFocus}
    >
      <ComboBoxParts
        label={label}
        placeholder="Search functions"
        description={isEmpty ? 'There is no function yet: create one first.' : unread?.message}
        error={error}
      />
    </ComboBox>
  );
}
