import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearchParams } from 'react-router';

import { useApi } from '../api/api-context.ts';
import type { Job } from '../api/job.ts';
import { queryKeys } from '../api/query-keys.ts';
import { ErrorState } from '../components/error-state.tsx';
import { LoadingState } from '../components/loading-state.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { useToast } from '../components/toasts.tsx';
import { useJob } from '../job/use-job.ts';
import { changedFields, duplicateOf, type JobDraft, NEW_JOB } from './job-draft.ts';
import { ADVANCED_FIELDS, type JobFieldName } from './job-field.ts';
import { JobForm } from './job-form.tsx';
import { useJobDraft } from './use-job-draft.ts';

/** The form that creates a job: an empty one, or with `?from=` one like the job of that id. */
export function NewJobPage() {
  const [search] = useSearchParams();
  const from = search.get('from');
  return (
    <>
      <PageHeader
        title={from === null ? 'New job' : 'Duplicate a job'}
        parent={{ to: '/jobs', label: 'Jobs' }}
      />
      {from === null ? <NewJobForm initial={NEW_JOB} /> : <Duplicate key={from} id={from} />}
    </>
  );
}

function Duplicate({ id }: { id: string }) {
  const { data, error, refetch } = useJob(id);
  if (data !== undefined) return <NewJobForm initial={duplicateOf(data.value)} />;
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <LoadingState label="Reading the job" />;
}

/** What is refused if it is missing, or else what differs from what the api takes by itself. */
function fieldsOfNew(draft: JobDraft): JobFieldName[] {
  return [...new Set<JobFieldName>(['name', 'function_id', 'schedule', ...changedFields(NEW_JOB, draft)])];
}

function NewJobForm({ initial }: { initial: JobDraft }) {
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const state = useJobDraft({
    initial,
    fieldsOf: fieldsOfNew,
    send: (body) => api.make<Job>('/automation/jobs', body),
    onSaved: (job) => {
      void queries.invalidateQueries({ queryKey: queryKeys.jobs() });
      toast({ message: `Created ${job.name}.` });
      void navigate(`/jobs/${job.id}`);
    },
  });
  return (
    <JobForm state={state} advanced={['enabled', ...ADVANCED_FIELDS]} action="Create job" cancelTo="/jobs" />
  );
}
