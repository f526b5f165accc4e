import { Button, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components';

import type { Choice } from '../components/select-field.tsx';
import { FieldHelp } from '../components/field-help.tsx';
import field from '../components/field.module.css';
import { ChevronIcon } from '../components/icons.tsx';
import menu from '../components/menu.module.css';
import styles from './combo-box-parts.module.css';

interface ComboBoxPartsProps {
  label: string;
  description?: string;
  error?: string;
  placeholder?: string;
}

/** What a combo box is made of: its label, the input with the button that opens the list, and the list. */
export function ComboBoxParts({ label, description, error, placeholder }: ComboBoxPartsProps) {
  return (
    <>
      <Label className={field.label}>{label}</Label>
      <div className={styles.box}>
        <Input className={`${field.input} ${styles.input}`} placeholder={placeholder} />
        <Button className={styles.button}>
          <ChevronIcon />
        </Button>
      </div>
      <FieldHelp description={description} error={error} />
      <Popover className={menu.popover}>
        <ListBox<Choice<string>> className={menu.list}>
          {({ value, label: text }) => (
            <ListBoxItem id={value} textValue={text} className={menu.item}>
              {text}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </>
  );
}
