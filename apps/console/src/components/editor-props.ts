/** Of everything that edits a field of a job. */
export interface EditorProps {
  label: string;
  description?: string;
  value: string;
  onChange: (value: string) => void;
  /** What is wrong, as the api words it. */
  error?: string;
  /** It is what was just asked for. */
  autoFocus?: boolean;
}
