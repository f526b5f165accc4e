import { OutcomeStrip } from '../components/outcome-strip.tsx';
import styles from './job-cells.module.css';
import { useJobsContext } from './jobs-context.ts';

/** The outcomes of a job's last executions, over a dot for each that there is room for. */
export function JobOutcomes({ id }: { id: string }) {
  const executions = useJobsContext().recent[id];
  return <span className={styles.outcomes}>{executions && <OutcomeStrip executions={executions} />}</span>;
}
