import { useSchedulePreview } from './use-schedule-preview.ts';
import { JobFieldEditor } from './job-field-editor.tsx';
import { problemOfField } from './job-problems.ts';
import { SchedulePreview } from './schedule-preview.tsx';
import { StartingPoints } from './starting-points.tsx';
import type { JobDraftState } from './use-job-draft.ts';
import styles from './when-fields.module.css';

const NAMES = ['schedule', 'timezone'] as const;

/** The schedule and its time zone, beside what they mean; what is wrong with them is told as they are typed. */
export function WhenFields({ state }: { state: JobDraftState }) {
  const { draft, set, problemOf } = state;
  const preview = useSchedulePreview(draft.schedule, draft.timezone);
  const isEmpty = draft.schedule.trim() === '';
  const typed = isEmpty ? null : preview.error;
  return (
    <div className={styles.when}>
      <div className={styles.fields}>
        {NAMES.map((name) => (
          <JobFieldEditor
            key={name}
            name={name}
            draft={draft}
            onChange={(value) => set(name, value)}
            error={problemOf(name) ?? problemOfField(typed, name)}
          />
        ))}
        <StartingPoints onChoose={(schedule) => set('schedule', schedule)} />
      </div>
      <SchedulePreview isEmpty={isEmpty} preview={preview} />
    </div>
  );
}
