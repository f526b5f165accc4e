import type { JsonValue } from '../api/json-value.ts';
import { CodeView } from './code-view.tsx';

interface JsonViewProps {
  value: JsonValue;
  /** What it is, such as `Request`. */
  label: string;
}

/** JSON as text, indented, with a button that copies it. */
export function JsonView({ value, label }: JsonViewProps) {
  return <CodeView text={JSON.stringify(value, null, 2)} label={label} />;
}
