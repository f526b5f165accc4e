import { Label, ProgressBar, Toolbar } from 'react-aria-components';

import type { Job } from '../api/job.ts';
import { Button } from '../components/button.tsx';
import { CloseIcon } from '../components/icons.tsx';
import styles from './bulk-bar.module.css';
import { bulkKind } from './bulk-kind.ts';
import { jobActions } from './job-actions.ts';
import type { Bulk, BulkProgress } from './use-bulk.ts';

interface BulkBarProps {
  selected: readonly Job[];
  bulk: Bulk;
  /** Selects none any more. */
  onClear: () => void;
}

/** What can be done with the jobs that are selected, and how far that is. Not there if there is nothing to say. */
export function BulkBar({ selected, bulk, onClear }: BulkBarProps) {
  const { progress } = bulk;
  if (progress !== null) return progress.total > 1 ? <Progress {...progress} /> : null;
  if (selected.length === 0) return null;
  return (
    <Toolbar className={styles.bar} aria-label="Selected jobs">
      <span className={styles.count} role="status">
        {selected.length.toLocaleString()} selected
      </span>
      <div className={styles.actions}>
        {jobActions(selected).map((action) => (
          <Button
            key={action.kind}
            isDisabled={action.targets.length === 0}
            onPress={() => {
              bulk.start(action.kind, action.targets);
              onClear();
            }}
          >
            {action.label}
            <HowMany some={action.targets.length} of={selected.length} />
          </Button>
        ))}
      </div>
      <div className={styles.clear}>
        <Button variant="quiet" isIcon aria-label="Clear the selection" onPress={onClear}>
          <CloseIcon />
        </Button>
      </div>
    </Toolbar>
  );
}

/** Said if something is for some of those that are selected only. */
function HowMany({ some, of }: { some: number; of: number }) {
  if (some === 0 || some === of) return null;
  return <span className={styles.some}>{some.toLocaleString()}</span>;
}

function Progress({ kind, settled, total, stop }: BulkProgress) {
  const { underWay } = bulkKind(kind);
  return (
    <div className={styles.bar}>
      <ProgressBar className={styles.progress} value={settled} maxValue={total}>
        {({ percentage = 0 }) => (
          <>
            <Label>
              {underWay} {settled.toLocaleString()} of {total.toLocaleString()}
            </Label>
            <span className={styles.track}>
              <span className={styles.fill} style={{ width: `${percentage}%` }} />
            </span>
          </>
        )}
      </ProgressBar>
      <Button onPress={stop}>Stop</Button>
    </div>
  );
}
