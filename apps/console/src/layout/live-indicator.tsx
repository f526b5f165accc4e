import { classNames } from '../components/class-names.ts';
import { useConnection } from '../live/live-context.ts';
import type { Connection } from '../live/live-state.ts';
import styles from './live-indicator.module.css';

const TEXTS: Record<Connection, { label: string; meaning: string }> = {
  connecting: { label: 'Connecting', meaning: 'The stream of changes is being opened.' },
  live: { label: 'Live', meaning: 'Changes are shown as they happen.' },
  reconnecting: {
    label: 'Reconnecting',
    meaning:
      'The stream of changes broke off and is opened again; meanwhile they are shown every few seconds.',
  },
  polling: { label: 'Polling', meaning: 'Changes are shown every few seconds.' },
  offline: {
    label: 'Offline',
    meaning: 'The service cannot be reached. It is tried again every few seconds.',
  },
};

/** Whether changes are shown as they happen, every few seconds, or not at all. */
export function LiveIndicator() {
  const connection = useConnection();
  const { label, meaning } = TEXTS[connection];
  return (
    <span className={classNames(styles.indicator, styles[connection])} title={meaning}>
      <span className={styles.dot} aria-hidden="true" />
      {label}
    </span>
  );
}
