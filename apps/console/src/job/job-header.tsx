import { Link } from 'react-router';

import type { Job } from '../api/job.ts';
import { Button } from '../components/button.tsx';
import { Countdown } from '../components/countdown.tsx';
import { LinkButton } from '../components/link-button.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { JobBadge } from '../components/status-badge.tsx';
import { functionPath } from '../functions/function-path.ts';
import { useFunction } from '../functions/use-function.ts';
import { scheduleText } from '../jobs/schedule-text.ts';
import { useMay } from '../session/identity.ts';
import styles from './job-header.module.css';
import { statusNote } from './status-note.ts';
import { useFollowRuns } from './use-follow-runs.ts';
import { useJobActions } from './use-job-actions.ts';

/** What a job is, when it runs next, and what can be done with it. */
export function JobHeader({ job }: { job: Job }) {
  const mayWrite = useMay('write');
  useFollowRuns(job);
  return (
    <PageHeader
      title={job.name}
      parent={{ to: '/jobs', label: 'Jobs' }}
      beside={<JobBadge status={job.status} />}
      description={<Description job={job} />}
      actions={mayWrite ? <Actions job={job} /> : undefined}
    />
  );
}

function Description({ job }: { job: Job }) {
  const { data } = useFunction(job.function_id);
  const note = statusNote(job);
  return (
    <>
      {job.description !== '' && <span className={styles.about}>{job.description}</span>}
      <span className={styles.facts}>
        <span title={`${job.schedule} (${job.timezone})`}>
          {scheduleText(job.schedule, job.timezone)}
          {job.timezone !== 'UTC' && `, ${job.timezone}`}
        </span>
        <span>
          Invokes <Link to={functionPath(job.function_id)}>{data?.name ?? job.function_id}</Link>
        </span>
        {job.next_run !== null && (
          <span>
            Next run <Countdown to={job.next_run} />
          </span>
        )}
        {note !== null && <span className={styles.note}>{note}</span>}
      </span>
    </>
  );
}

function Actions({ job }: { job: Job }) {
  const { run, setEnabled, isRunPending } = useJobActions(job);
  return (
    <>
      <LinkButton to={`/jobs/new?from=${job.id}`} variant="quiet">
        Duplicate
      </LinkButton>
      <LinkButton to={`/jobs/${job.id}/edit`}>Edit</LinkButton>
      {job.status === 'active' && <Button onPress={() => setEnabled(false)}>Pause</Button>}
      {job.status === 'paused' && <Button onPress={() => setEnabled(true)}>Resume</Button>}
      {job.status !== 'completed' && (
        <Button variant="primary" onPress={run} isPending={isRunPending}>
          Run now
        </Button>
      )}
    </>
  );
}
