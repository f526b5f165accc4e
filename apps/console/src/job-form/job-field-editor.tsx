import { JsonField } from '../components/json-field.tsx';
import { SelectField } from '../components/select-field.tsx';
import { TextField } from '../components/text-field.tsx';
import { FunctionField } from './function-field.tsx';
import { InstantField } from './instant-field.tsx';
import type { JobDraft } from './job-draft.ts';
import { JOB_FIELDS, type JobFieldName } from './job-field.ts';
import { ScheduleField } from './schedule-field.tsx';
import { TimezoneField } from './timezone-field.tsx';

interface JobFieldEditorProps {
  name: JobFieldName;
  draft: JobDraft;
  onChange: (value: string) => void;
  error: string | undefined;
  autoFocus?: boolean;
}

/** What a field of a job is edited with, by its kind. */
export function JobFieldEditor({ name, draft, onChange, error, autoFocus }: JobFieldEditorProps) {
  const { label, description, kind, choices = [] } = JOB_FIELDS[name];
  const editor = { label, description, value: draft[name], onChange, error, autoFocus };
  switch (kind) {
    case 'line':
      return <TextField {...editor} />;
    case 'text':
      return <TextField {...editor} rows={2} />;
    case 'number':
      return <TextField {...editor} inputMode="numeric" />;
    case 'choice':
      return <SelectField {...editor} choices={choices} />;
    case 'function':
      return <FunctionField {...editor} />;
    case 'schedule':
      return <ScheduleField {...editor} />;
    case 'timezone':
      return <TimezoneField {...editor} />;
    case 'instant':
      return <InstantField {...editor} timezone={draft.timezone} />;
    case 'json':
      return <JsonField {...editor} />;
  }
}
