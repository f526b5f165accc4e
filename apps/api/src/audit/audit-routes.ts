import { ok } from '../http/reply.ts';
import { defineRoute } from '../http/route.ts';
import { findOwnJob } from '../jobs/find-own-job.ts';
import { jobParams } from '../jobs/job-params.ts';
import { auditJob } from './audit-job.ts';
import { auditJson, jobAuditSchema, serviceAuditSchema } from './audit-json.ts';
import { auditQuery } from './audit-query.ts';
import { auditService } from './audit-service.ts';

const tag = 'Audit';

const job = defineRoute({
  method: 'get',
  path: '/automation/jobs/{id}/audit',
  operationId: 'auditJob',
  tag,
  summary: "Compares a job's schedule with what became of its occurrences.",
  scope: 'read',
  params: jobParams,
  query: auditQuery,
  responses: { 200: { description: 'What the comparison came to.', schema: jobAuditSchema } },
  errors: ['FORBIDDEN', 'NOT_FOUND'],
  async handler(api, { caller, params, query, signal }) {
    const { id } = await findOwnJob(api.store.db, caller.accountId, params.id);
    return ok({ job_id: id, ...auditJson(await auditJob(api, { jobId: id, query }, signal)) });
  },
});

const service = defineRoute({
  method: 'get',
  path: '/automation/audit',
  operationId: 'auditService',
  tag,
  summary: "Compares the schedules of all accounts' jobs with what became of their occurrences.",
  scope: 'admin',
  query: auditQuery,
  responses: { 200: { description: 'What the comparison came to.', schema: serviceAuditSchema } },
  errors: [],
  async handler(api, { query, signal }) {
    const audit = await api.limits.requests.ofServiceAudit(() => auditService(api, query, signal));
    const defects = audit.defects.map(({ jobId, counts: { unaccounted, unexpected } }) => ({
      job_id: jobId,
      unaccounted,
      unexpected,
    }));
    return ok({ ...auditJson(audit), jobs: audit.jobs, defects });
  },
});

export const auditRoutes = [job, service];
