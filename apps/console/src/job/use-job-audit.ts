import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { useApi } from '../api/api-context.ts';
import type { JobAudit } from '../api/job-audit.ts';
import { queryKeys } from '../api/query-keys.ts';

const REREAD_MS = 30_000;

/** The comparison of a job's schedule with the ledger over the last day. */
export function useJobAudit(id: string): UseQueryResult<JobAudit> {
  const api = useApi();
  return useQuery({
    queryKey: queryKeys.jobAudit(id),
    queryFn: ({ signal }) => api.get<JobAudit>(`/automation/jobs/${id}/audit`, {}, signal),
    refetchInterval: REREAD_MS,
  });
}
