import { Button } from '../components/button.tsx';
import { EditIcon } from '../components/icons.tsx';
import type { Job } from '../api/job.ts';
import { JOB_FIELDS, type JobFieldName } from '../job-form/job-field.ts';
import styles from './configuration-panel.module.css';
import { FieldValue } from './field-value.tsx';

interface ConfigurationRowProps {
  name: JobFieldName;
  job: Job;
  /** It has just been edited: the focus goes on from there. */
  isLeft: boolean;
  /** Undefined if it may not be edited. */
  onEdit: (() => void) | undefined;
}

/** A field of a job and what it holds. */
export function ConfigurationRow({ name, job, isLeft, onEdit }: ConfigurationRowProps) {
  const { label } = JOB_FIELDS[name];
  return (
    <div className={styles.row}>
      <dt className={styles.label}>{label.replace(/,.*/, '')}</dt>
      <dd className={styles.value}>
        <FieldValue name={name} job={job} />
      </dd>
      {onEdit !== undefined && (
        <dd className={styles.edit}>
          <Button
            variant="quiet"
            isIcon
            aria-label={`Edit ${label.toLowerCase()}`}
            onPress={onEdit}
            autoFocus={isLeft}
          >
            <EditIcon />
          </Button>
        </dd>
      )}
    </div>
  );
}
