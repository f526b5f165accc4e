import type { MouseEvent } from 'react';

import styles from './job-checkbox.module.css';

interface JobCheckboxProps {
  label: string;
  isSelected: boolean;
  /** Some are selected of what it stands for. */
  isIndeterminate?: boolean;
  /** Whether the tab key leads to it. */
  isActive: boolean;
  /** @param isRange whether the shift key was held */
  onChange: (isRange: boolean) => void;
}

/** The box that selects a row. A browser's own: a table draws dozens of them anew while it is scrolled. */
export function JobCheckbox(props: JobCheckboxProps) {
  const { label, isSelected, isIndeterminate = false, isActive, onChange } = props;
  return (
    <label className={styles.target}>
      <input
        ref={(input) => {
          if (input !== null) input.indeterminate = isIndeterminate;
        }}
        type="checkbox"
        className={styles.box}
        aria-label={label}
        checked={isSelected}
        tabIndex={isActive ? 0 : -1}
        // A change doesn't tell of the shift key.
        onClick={(event: MouseEvent) => onChange(event.shiftKey)}
        onChange={() => undefined}
      />
    </label>
  );
}
