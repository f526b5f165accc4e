import type { JsonValue } from '../api/json-value.ts';
import { CopyButton } from './copy-button.tsx';
import styles from './json-view.module.css';

interface JsonViewProps {
  value: JsonValue;
  /** What it is, such as `Request`. */
  label: string;
}

/** JSON as text, indented, with a button that copies it. */
export function JsonView({ value, label }: JsonViewProps) {
  const text = JSON.stringify(value, null, 2);
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        {label}
        <CopyButton text={text} what={label.toLowerCase()} />
      </figcaption>
      {/* Reachable by the keyboard, which scrolls it. */}
      <pre className={styles.text} tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
    </figure>
  );
}
