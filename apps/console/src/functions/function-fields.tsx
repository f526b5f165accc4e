import { TextField } from '../components/text-field.tsx';
import type { FunctionDraft } from './function-draft.ts';
import { problemOf } from './function-problems.ts';
import { HeaderFields } from './header-fields.tsx';

interface FunctionFieldsProps {
  draft: FunctionDraft;
  onChange: (draft: FunctionDraft) => void;
  /** Why the draft was refused. */
  error: Error | null;
}

/** The fields of a function, with what is wrong with each. */
export function FunctionFields({ draft, onChange, error }: FunctionFieldsProps) {
  return (
    <>
      <TextField
        label="Name"
        description="For people to tell functions apart."
        autoFocus
        value={draft.name}
        onChange={(name) => onChange({ ...draft, name })}
        error={problemOf(error, 'name')}
      />
      <TextField
        label="URL"
        description="Where check and perform are POSTed to."
        type="url"
        inputMode="url"
        placeholder="https://example.com/functions/report"
        value={draft.url}
        onChange={(url) => onChange({ ...draft, url })}
        error={problemOf(error, 'url')}
      />
      <TextField
        label="Time-out in seconds"
        description="Of each attempt, unless the job says otherwise; 1 to 900."
        inputMode="numeric"
        value={draft.timeoutSeconds}
        onChange={(timeoutSeconds) => onChange({ ...draft, timeoutSeconds })}
        error={problemOf(error, 'timeout_seconds')}
      />
      <HeaderFields draft={draft} onChange={onChange} error={problemOf(error, 'headers')} />
    </>
  );
}
