import type { Job } from '../api/job.ts';
import type { JsonObject } from '../api/json-value.ts';
import { Nothing, Time } from '../components/time.tsx';
import { useFunction } from '../functions/use-function.ts';
import { JOB_FIELDS, type JobFieldName } from '../job-form/job-field.ts';
import styles from './configuration-panel.module.css';
import { valueText } from './value-text.ts';

/** What a field of a job holds, as it is read best. */
export function FieldValue({ name, job }: { name: JobFieldName; job: Job }) {
  if (name === 'function_id') return <FunctionName id={job.function_id} />;
  if (name === 'schedule') return <code>{job.schedule}</code>;
  if (name === 'start_at' || name === 'end_at') return <Time at={job[name]} />;
  if (name === 'payload' || name === 'metadata') {
    return <Json value={job[name]} label={JOB_FIELDS[name].label} />;
  }
  const text = valueText(name, job);
  return text === '' ? <Nothing /> : text;
}

function FunctionName({ id }: { id: string }) {
  const { data } = useFunction(id);
  return <span title={id}>{data?.name ?? id}</span>;
}

function Json({ value, label }: { value: JsonObject; label: string }) {
  if (Object.keys(value).length === 0) return <Nothing />;
  return (
    // Reachable by the keyboard, which scrolls it.
    <pre className={styles.json} tabIndex={0} role="region" aria-label={label}>
      {JSON.stringify(value, null, 2)}
    </pre>
  );
}
