import { CopyButton } from './copy-button.tsx';
import styles from './copyable-id.module.css';

/** An id, cut off where there is no room for it, with a button that copies it. */
export function CopyableId({ id }: { id: string }) {
  return (
    <span className={styles.id}>
      <code>{id}</code>
      <CopyButton text={id} what="the id" />
    </span>
  );
}
