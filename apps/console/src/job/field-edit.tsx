import { Form, Group } from 'react-aria-components';

import type { Tagged } from '../api/api.ts';
import type { Job } from '../api/job.ts';
import { Button } from '../components/button.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { ConflictNotice } from '../job-form/conflict-notice.tsx';
import { JobFieldEditor } from '../job-form/job-field-editor.tsx';
import { JOB_FIELDS, type JobFieldName } from '../job-form/job-field.ts';
import { LeaveGuard } from '../job-form/leave-guard.tsx';
import { problemOfField } from '../job-form/job-problems.ts';
import { SchedulePreview } from '../job-form/schedule-preview.tsx';
import { type JobEdit, useJobEdit } from '../job-form/use-job-edit.ts';
import { useSchedulePreview } from '../job-form/use-schedule-preview.ts';
import styles from './configuration-panel.module.css';

interface FieldEditProps {
  name: JobFieldName;
  job: Tagged<Job>;
  onClose: () => void;
}

/** A field of a job that is being edited in its place: enter saves, escape leaves it as it was. */
export function FieldEdit({ name, job, onClose }: FieldEditProps) {
  const edit = useJobEdit(job, onClose);
  const { label } = JOB_FIELDS[name];
  return (
    <div className={styles.editing}>
      <dt hidden>{label}</dt>
      <dd>
        <Group
          aria-label={label}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onClose();
          }}
        >
          <Form
            className={styles.form}
            validationBehavior="aria"
            onSubmit={(event) => {
              event.preventDefault();
              if (edit.isChanged) edit.save();
              else onClose();
            }}
          >
            <Editor name={name} edit={edit} />
            <ConflictNotice {...edit} />
            <LeaveGuard isActive={edit.isChanged && !edit.isSaving} />
            {edit.fault !== null && <ErrorNote error={edit.fault} />}
            <div className={styles.actions}>
              <Button type="submit" variant="primary" isPending={edit.isSaving}>
                Save
              </Button>
              <Button onPress={onClose}>Cancel</Button>
            </div>
          </Form>
        </Group>
      </dd>
    </div>
  );
}

function Editor({ name, edit }: { name: JobFieldName; edit: JobEdit }) {
  const { kind } = JOB_FIELDS[name];
  const isTiming = kind === 'schedule' || kind === 'timezone';
  return isTiming ? <TimingEditor name={name} edit={edit} /> : <PlainEditor name={name} edit={edit} />;
}

function PlainEditor({ name, edit }: { name: JobFieldName; edit: JobEdit }) {
  return (
    <JobFieldEditor
      name={name}
      draft={edit.draft}
      onChange={(value) => edit.set(name, value)}
      error={edit.problemOf(name)}
      autoFocus
    />
  );
}

/** What the schedule would mean is shown as it is typed. */
function TimingEditor({ name, edit }: { name: JobFieldName; edit: JobEdit }) {
  const { draft, set, problemOf } = edit;
  const preview = useSchedulePreview(draft.schedule, draft.timezone);
  const isEmpty = draft.schedule.trim() === '';
  return (
    <>
      <JobFieldEditor
        name={name}
        draft={draft}
        onChange={(value) => set(name, value)}
        autoFocus
        error={problemOf(name) ?? problemOfField(isEmpty ? null : preview.error, name)}
      />
      <SchedulePreview isEmpty={isEmpty} preview={preview} />
    </>
  );
}
