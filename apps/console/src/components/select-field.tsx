import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';

import { FieldHelp } from './field-help.tsx';
import field from './field.module.css';
import { ChevronIcon } from './icons.tsx';
import menu from './menu.module.css';

export interface Choice<Value extends string> {
  value: Value;
  label: string;
}

interface SelectFieldProps<Value extends string> {
  label: string;
  description?: string;
  choices: readonly Choice<Value>[];
  value: Value;
  onChange: (value: Value) => void;
  error?: string;
  name?: string;
  autoFocus?: boolean;
  /** The label is for screen readers alone, as in a bar of filters. */
  isLabelHidden?: boolean;
}

/** One of a few values, in a list that opens. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const {
    label,
    description,
    choices,
    value,
    onChange,
    error,
    name,
    autoFocus,
    isLabelHidden = false,
  } = props;
  return (
    <Select
      className={field.field}
      aria-label={isLabelHidden ? label : undefined}
      name={name}
      autoFocus={autoFocus}
      value={value}
      isInvalid={error !== undefined}
      onChange={(key) => {
        const chosen = choices.find((choice) => choice.value === key);
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      {!isLabelHidden && <Label className={field.label}>{label}</Label>}
      <Button className={`${field.input} ${field.trigger}`}>
        <SelectValue />
        <ChevronIcon />
      </Button>
      <FieldHelp description={description} error={error} />
      <Popover className={menu.popover}>
        <ListBox className={menu.list} items={choices}>
          {({ value: id, label: text }) => (
            <ListBoxItem id={id} textValue={text} className={menu.item}>
              {text}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
