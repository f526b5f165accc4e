import { type ReactNode, useState } from 'react';

import type { Tagged } from '../api/api.ts';
import type { Job } from '../api/job.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Panel } from '../components/panel.tsx';
import { Time } from '../components/time.tsx';
import { JOB_FIELD_NAMES, type JobFieldName } from '../job-form/job-field.ts';
import { useMay } from '../session/identity.ts';
import { ConfigurationRow } from './configuration-row.tsx';
import styles from './configuration-panel.module.css';
import { FieldEdit } from './field-edit.tsx';

/** The status is changed by the buttons of the page's head. */
const SHOWN = JOB_FIELD_NAMES.filter((name) => name !== 'enabled');

/** What a job says. Each field is edited in its place, one at a time. */
export function ConfigurationPanel({ job }: { job: Tagged<Job> }) {
  const mayWrite = useMay('write');
  const [edited, setEdited] = useState<JobFieldName | null>(null);
  const [left, setLeft] = useState<JobFieldName | null>(null);
  const close = () => {
    setLeft(edited);
    setEdited(null);
  };
  return (
    <Panel title="Configuration">
      <dl className={styles.list}>
        {SHOWN.map((name) =>
          name === edited ? (
            <FieldEdit key={name} name={name} job={job} onClose={close} />
          ) : (
            <ConfigurationRow
              key={name}
              name={name}
              job={job.value}
              isLeft={name === left}
              onEdit={mayWrite ? () => setEdited(name) : undefined}
            />
          ),
        )}
        <Fact label="Id">
          <code className={styles.id}>{job.value.id}</code> <CopyButton text={job.value.id} what="the id" />
        </Fact>
        <Fact label="Runs">{job.value.run_count.toLocaleString()}</Fact>
        <Fact label="Checks">{job.value.check_count.toLocaleString()}</Fact>
        <Fact label="Last run">
          <Time at={job.value.last_run} />
        </Fact>
        <Fact label="Created">
          <Time at={job.value.created_at} />
        </Fact>
      </dl>
    </Panel>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={styles.row}>
      <dt className={styles.label}>{label}</dt>
      <dd className={styles.value}>{children}</dd>
    </div>
  );
}
