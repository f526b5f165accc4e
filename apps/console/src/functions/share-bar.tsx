import { percentText } from '../components/percent-text.ts';
import styles from './share-bar.module.css';

/** A share from 0 to 1 of what failed, as a bar and in words. */
export function ShareBar({ share, of }: { share: number; of: number }) {
  return (
    <span className={styles.share} title={`of ${of}`}>
      <span className={styles.track} aria-hidden="true">
        <span className={styles.filled} style={{ width: `${share * 100}%` }} />
      </span>
      <span className={share === 0 ? styles.none : styles.some}>{percentText(share)}</span>
    </span>
  );
}
