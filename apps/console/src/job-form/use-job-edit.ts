import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { useApi } from '../api/api-context.ts';
import type { Tagged } from '../api/api.ts';
import { ApiError } from '../api/api-error.ts';
import type { Job } from '../api/job.ts';
import { queryKeys } from '../api/query-keys.ts';
import { changedFields, draftOf, type JobDraft, rebase } from './job-draft.ts';
import { type JobDraftState, useJobDraft } from './use-job-draft.ts';

/** A change of a job that is there. */
export interface JobEdit extends JobDraftState {
  /** The job as somebody else has changed it meanwhile; null if nobody has. */
  newer: Tagged<Job> | null;
  /** What the change began with. */
  before: JobDraft;
  /** Goes on from the newer version; what was typed stays. */
  takeNewer: () => void;
}

/** Changes a job, unless it isn't any more what the change began with: then that is shown, and nothing is overwritten. */
export function useJobEdit(job: Tagged<Job>, onSaved: (job: Job) => void): JobEdit {
  const api = useApi();
  const queries = useQueryClient();
  const [base, setBase] = useState(job);
  const [newer, setNewer] = useState<Tagged<Job> | null>(null);
  const { id } = base.value;
  const path = `/automation/jobs/${id}`;
  const before = draftOf(base.value);

  const send = async (body: object): Promise<Job> => {
    try {
      return await api.send<Job>(path, { method: 'PATCH', body, ifMatch: base.etag });
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) setNewer(await api.getTagged<Job>(path));
      throw error;
    }
  };
  const state = useJobDraft({
    initial: before,
    fieldsOf: (draft) => changedFields(before, draft),
    send,
    onSaved: (saved) => {
      void queries.invalidateQueries({ queryKey: queryKeys.job(id) });
      void queries.invalidateQueries({ queryKey: queryKeys.jobs() });
      onSaved(saved);
    },
  });
  const takeNewer = () => {
    if (newer === null) return;
    state.replace(rebase(state.draft, before, draftOf(newer.value)));
    setBase(newer);
    setNewer(null);
  };
  // That it was changed meanwhile is told by what has changed.
  const fault = newer === null ? state.fault : null;
  return { ...state, fault, before, newer, takeNewer };
}
