import { AlertIcon, CheckIcon } from '../components/icons.tsx';
import styles from './problem-list.module.css';

/** What a person should look at now, the worst first; or that there is nothing. */
export function ProblemList({ problems }: { problems: readonly string[] }) {
  if (problems.length === 0) {
    return (
      <section className={styles.well} aria-label="Problems">
        <CheckIcon />
        <h2 className={styles.title}>No problems</h2>
      </section>
    );
  }
  return (
    <section className={styles.wrong} aria-label="Problems">
      <AlertIcon />
      <h2 className={styles.title}>{problems.length === 1 ? '1 problem' : `${problems.length} problems`}</h2>
      <ul className={styles.list}>
        {problems.map((problem) => (
          <li key={problem}>{sentence(problem)}</li>
        ))}
      </ul>
    </section>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
