import styles from './code-view.module.css';
import { CopyButton } from './copy-button.tsx';

interface CodeViewProps {
  text: string;
  /** What it is, such as `Logs`. */
  label: string;
  /** Long lines go on in the next one rather than out of sight. */
  isWrapped?: boolean;
}

/** Text as it is, with a button that copies it. */
export function CodeView({ text, label, isWrapped = false }: CodeViewProps) {
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        {label}
        <CopyButton text={text} what={label.toLowerCase()} />
      </figcaption>
      {/* Reachable by the keyboard, which scrolls it. */}
      <pre
        className={isWrapped ? `${styles.text} ${styles.wrapped}` : styles.text}
        tabIndex={0}
        role="region"
        aria-label={label}
      >
        {text}
      </pre>
    </figure>
  );
}
