import styles from './job-cells.module.css';
import { useJobsContext } from './jobs-context.ts';

/** The name of a job's function; its id if there is none to be had. */
export function JobFunction({ id }: { id: string }) {
  const name = useJobsContext().functionNames.get(id);
  return (
    <span className={name === undefined ? styles.id : styles.text} title={id}>
      {name ?? id}
    </span>
  );
}
