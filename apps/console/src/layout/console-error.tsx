import styles from './layout.module.css';
import { PageError } from './page-error.tsx';

/** In the place of the whole console if what is around its pages broke. */
export function ConsoleError() {
  return (
    <main className={styles.main}>
      <PageError />
    </main>
  );
}
