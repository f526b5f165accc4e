import { Button } from '../components/button.tsx';
import field from '../components/field.module.css';
import { CloseIcon } from '../components/icons.tsx';
import { type FunctionDraft, type HeaderDraft, withHeader } from './function-draft.ts';
import { HeaderField } from './header-field.tsx';
import styles from './header-fields.module.css';

interface HeaderFieldsProps {
  draft: FunctionDraft;
  onChange: (draft: FunctionDraft) => void;
  error: string | undefined;
}

/** The headers that are sent with each request, a name and a value each. */
export function HeaderFields({ draft, onChange, error }: HeaderFieldsProps) {
  const { headers } = draft;
  const change = (changed: HeaderDraft) =>
    onChange({ ...draft, headers: headers.map((header) => (header.key === changed.key ? changed : header)) });
  const remove = (key: number) =>
    onChange({ ...draft, headers: headers.filter((header) => header.key !== key) });
  return (
    <fieldset className={styles.headers}>
      <legend className={field.label}>Headers</legend>
      {headers.map((header, place) => (
        <div key={header.key} className={styles.header}>
          <HeaderField
            label={`Name of header ${place + 1}`}
            placeholder="Authorization"
            value={header.name}
            onChange={(name) => change({ ...header, name })}
          />
          <HeaderField
            label={`Value of header ${place + 1}`}
            placeholder="Bearer …"
            value={header.value}
            onChange={(value) => change({ ...header, value })}
          />
          <Button
            variant="quiet"
            isIcon
            aria-label={`Remove header ${place + 1}`}
            onPress={() => remove(header.key)}
          >
            <CloseIcon />
          </Button>
        </div>
      ))}
      {error === undefined ? (
        <span className={field.description}>Sent with each request, such as an Authorization.</span>
      ) : (
        <span className={field.error} role="alert">
          {error}
        </span>
      )}
      <div>
        <Button onPress={() => onChange(withHeader(draft))}>Add a header</Button>
      </div>
    </fieldset>
  );
}
