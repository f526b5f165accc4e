import { useEffect, useState } from 'react';
import { Input, SearchField as AriaSearchField } from 'react-aria-components';

import { Button } from './button.tsx';
import field from './field.module.css';
import { CloseIcon, SearchIcon } from './icons.tsx';
import styles from './search-field.module.css';

interface SearchFieldProps {
  label: string;
  value: string;
  /** Called once typing pauses. */
  onChange: (text: string) => void;
}

const PAUSE_MS = 250;

/** A line of text to look for. Escape clears it. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  // What is looked for may be changed from elsewhere.
  if (value !== shown) {
    setShown(value);
    setText(value);
  }
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => onChange(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <AriaSearchField
      aria-label={label}
      className={styles.field}
      value={text}
      onChange={setText}
      maxLength={200}
    >
      <span className={styles.icon}>
        <SearchIcon />
      </span>
      <Input className={`${field.input} ${styles.input}`} placeholder={label} />
      {text !== '' && (
        <span className={styles.clear}>
          <Button variant="quiet" isIcon aria-label="Clear the search">
            <CloseIcon />
          </Button>
        </span>
      )}
    </AriaSearchField>
  );
}
