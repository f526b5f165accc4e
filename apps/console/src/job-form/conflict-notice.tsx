import { Button } from '../components/button.tsx';
import styles from './conflict-notice.module.css';
import { changedFields, draftOf } from './job-draft.ts';
import { JOB_FIELDS } from './job-field.ts';
import type { JobEdit } from './use-job-edit.ts';

/** What somebody else has changed in a job meanwhile, and the way on from there. */
export function ConflictNotice({
  before,
  newer,
  takeNewer,
}: Pick<JobEdit, 'before' | 'newer' | 'takeNewer'>) {
  if (newer === null) return null;
  const after = draftOf(newer.value);
  const fields = changedFields(before, after);
  return (
    <div className={styles.notice} role="alert">
      <p className={styles.title}>
        This job was changed while you were editing it. Nothing of yours is saved.
      </p>
      <ul className={styles.changes}>
        {fields.map((name) => (
          <li key={name}>
            {JOB_FIELDS[name].label}: <del>{before[name] || 'empty'}</del> →{' '}
            <ins>{after[name] || 'empty'}</ins>
          </li>
        ))}
        {fields.length === 0 && <li>What it says is the same; its status has changed.</li>}
      </ul>
      <Button onPress={takeNewer}>Load it and keep my changes</Button>
    </div>
  );
}
