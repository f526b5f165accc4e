import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { ApiError } from '../api/api-error.ts';
import type { Job } from '../api/job.ts';
import { bodyOf } from './job-body.ts';
import { changedFields, type JobDraft } from './job-draft.ts';
import type { JobFieldName } from './job-field.ts';
import { faultOutsideOfFields, problemOfField } from './job-problems.ts';

export interface JobDraftOptions {
  /** What the fields hold at first. */
  initial: JobDraft;
  /** The fields to be sent. */
  fieldsOf: (draft: JobDraft) => readonly JobFieldName[];
  send: (body: object) => Promise<Job>;
  onSaved: (job: Job) => void;
}

/** A job that is being written, and what the api has said of it. */
export interface JobDraftState {
  draft: JobDraft;
  isChanged: boolean;
  isSaving: boolean;
  isSaved: boolean;
  set: (name: JobFieldName, value: string) => void;
  /** Puts another draft in the place of this one. */
  replace: (draft: JobDraft) => void;
  /** What the api says of a field, until it is changed. */
  problemOf: (name: JobFieldName) => string | undefined;
  /** Why it could not be saved. */
  error: Error | null;
  /** The same, unless it is told at a field. */
  fault: Error | null;
  save: () => void;
}

/** Keeps a draft, sends it, and hands out what is wrong with it field by field. */
export function useJobDraft({ initial, fieldsOf, send, onSaved }: JobDraftOptions): JobDraftState {
  const [draft, setDraft] = useState(initial);
  const [corrected, setCorrected] = useState<ReadonlySet<JobFieldName>>(new Set());
  const { mutate, reset, isPending, isSuccess, error } = useMutation({
    mutationFn: (sent: JobDraft) => send(readBody(sent, fieldsOf(sent))),
    onMutate: () => setCorrected(new Set()),
    onSuccess: onSaved,
  });
  return {
    draft,
    isChanged: changedFields(initial, draft).length > 0,
    isSaving: isPending,
    isSaved: isSuccess,
    set: (name, value) => {
      setDraft((before) => ({ ...before, [name]: value }));
      setCorrected((before) => new Set(before).add(name));
    },
    replace: (newer) => {
      setDraft(newer);
      reset();
    },
    problemOf: (name) => (corrected.has(name) ? undefined : problemOfField(error, name)),
    error,
    fault: faultOutsideOfFields(error),
    save: () => mutate(draft),
  };
}

function readBody(draft: JobDraft, names: readonly JobFieldName[]): object {
  const { body, problems } = bodyOf(draft, names);
  if (problems.length === 0) return body;
  throw new ApiError({ status: 0, code: 'VALIDATION_ERROR', message: 'Not JSON yet.', details: problems });
}
