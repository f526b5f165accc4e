import { JobFieldEditor } from './job-field-editor.tsx';
import { JOB_FIELDS, type JobFieldKind, type JobFieldName } from './job-field.ts';
import styles from './job-fields.module.css';
import type { JobDraftState } from './use-job-draft.ts';

interface JobFieldsProps {
  names: readonly JobFieldName[];
  state: JobDraftState;
}

const WIDE: ReadonlySet<JobFieldKind> = new Set(['text', 'json']);

/** Fields of a job that is being written, in the order in which they are named; in two columns where there is room. */
export function JobFields({ names, state }: JobFieldsProps) {
  return (
    <div className={styles.fields}>
      {names.map((name) => (
        <div key={name} className={WIDE.has(JOB_FIELDS[name].kind) ? styles.wide : styles.field}>
          <JobFieldEditor
            name={name}
            draft={state.draft}
            onChange={(value) => state.set(name, value)}
            error={state.problemOf(name)}
          />
        </div>
      ))}
    </div>
  );
}
