import { SearchField } from '../components/search-field.tsx';
import { SelectField } from '../components/select-field.tsx';
import { useFunctions } from '../functions/use-functions.ts';
import styles from './jobs-toolbar.module.css';
import { ALL_JOBS, type JobsView } from './jobs-view.ts';
import { nameOf, ORDER_CHOICES, orderNamed } from './order-choices.ts';

interface JobsToolbarProps {
  view: JobsView;
  onView: (change: Partial<JobsView>) => void;
  /** How many there are, as far as it is known. */
  count: string;
}

const STATUS_CHOICES = [
  { value: '', label: 'All statuses' },
  { value: 'active', label: 'Active' },
  { value: 'paused', label: 'Paused' },
  { value: 'completed', label: 'Completed' },
] as const;

/** What the table shows, and in which order. */
export function JobsToolbar({ view, onView, count }: JobsToolbarProps) {
  return (
    <div className={styles.toolbar} role="search" aria-label="Jobs">
      <div className={styles.search}>
        <SearchField label="Search by name" value={view.q} onChange={(q) => onView({ q })} />
      </div>
      <SelectField
        label="Status"
        isLabelHidden
        choices={STATUS_CHOICES}
        value={view.status}
        onChange={(status) => onView({ status })}
      />
      <FunctionFilter value={view.functionId} onChange={(functionId) => onView({ functionId })} />
      <SelectField
        label="Order"
        isLabelHidden
        choices={ORDER_CHOICES}
        value={nameOf(view)}
        onChange={(order) => onView(orderNamed(order))}
      />
      <span className={styles.count} role="status">
        {count}
      </span>
    </div>
  );
}

/** Not there if functions can't be listed. */
function FunctionFilter({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { data: functions } = useFunctions();
  if (functions === null) return null;
  const known = (functions ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const isKnown = value === '' || known.some((choice) => choice.value === value);
  const choices = [
    { value: ALL_JOBS.functionId, label: 'All functions' },
    ...known,
    ...(isKnown ? [] : [{ value, label: value }]),
  ];
  return <SelectField label="Function" isLabelHidden choices={choices} value={value} onChange={onChange} />;
}
