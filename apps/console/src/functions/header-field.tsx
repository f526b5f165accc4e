import { Input, TextField } from 'react-aria-components';

import field from '../components/field.module.css';

interface HeaderFieldProps {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}

/** The name or the value of a header: a field whose label is for screen readers alone. */
export function HeaderField({ label, placeholder, value, onChange }: HeaderFieldProps) {
  return (
    <TextField aria-label={label} className={field.field} value={value} onChange={onChange}>
      <Input className={field.input} placeholder={placeholder} spellCheck={false} autoComplete="off" />
    </TextField>
  );
}
