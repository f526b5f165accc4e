import { useNavigate, useParams } from 'react-router';

import type { Tagged } from '../api/api.ts';
import type { Job } from '../api/job.ts';
import { ErrorState } from '../components/error-state.tsx';
import { LoadingState } from '../components/loading-state.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { useToast } from '../components/toasts.tsx';
import { useJob } from '../job/use-job.ts';
import { ADVANCED_FIELDS } from './job-field.ts';
import { ConflictNotice } from './conflict-notice.tsx';
import { JobForm } from './job-form.tsx';
import { useJobEdit } from './use-job-edit.ts';

/** The form that changes a job. */
export function EditJobPage() {
  const { id = '' } = useParams();
  const { data, error, refetch } = useJob(id);
  const name = data?.value.name ?? 'a job';
  return (
    <>
      <PageHeader title={`Edit ${name}`} parent={{ to: `/jobs/${id}`, label: name }} />
      {data !== undefined && <EditJobForm key={id} job={data} />}
      {data === undefined && error === null && <LoadingState label="Reading the job" />}
      {data === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
    </>
  );
}

function EditJobForm({ job }: { job: Tagged<Job> }) {
  const navigate = useNavigate();
  const toast = useToast();
  const path = `/jobs/${job.value.id}`;
  const edit = useJobEdit(job, ({ name }) => {
    toast({ message: `Saved ${name}.` });
    void navigate(path);
  });
  return (
    <>
      <ConflictNotice {...edit} />
      <JobForm state={edit} advanced={ADVANCED_FIELDS} action="Save" cancelTo={path} />
    </>
  );
}
