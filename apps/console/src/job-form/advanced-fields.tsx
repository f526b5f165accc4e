import { useState } from 'react';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';

import { ChevronIcon } from '../components/icons.tsx';
import styles from './advanced-fields.module.css';
import { JOB_FIELDS, type JobFieldName } from './job-field.ts';
import { JobFields } from './job-fields.tsx';
import type { JobDraftState } from './use-job-draft.ts';

/** Fields that most jobs leave as they are, folded away unless something is wrong with one of them. */
export function AdvancedFields({ names, state }: { names: readonly JobFieldName[]; state: JobDraftState }) {
  const [isOpen, setOpen] = useState(false);
  const hasProblem = names.some((name) => state.problemOf(name) !== undefined);
  return (
    <Disclosure className={styles.advanced} isExpanded={isOpen || hasProblem} onExpandedChange={setOpen}>
      <Heading level={2} className={styles.heading}>
        <Button slot="trigger" className={styles.trigger}>
          <ChevronIcon />
          Advanced
        </Button>
        <span className={styles.summary}>
          {names.map((name) => JOB_FIELDS[name].label.replace(/,.*/, '').toLowerCase()).join(', ')}
        </span>
      </Heading>
      <DisclosurePanel>
        <div className={styles.fields}>
          <JobFields names={names} state={state} />
        </div>
      </DisclosurePanel>
    </Disclosure>
  );
}
