import type { Migration } from 'kysely/migration';

import * as initial from './0001-initial.ts';
import * as stoppedJobs from './0002-stopped-jobs.ts';
import * as checksUnderWay from './0003-checks-under-way.ts';
import * as secretRotation from './0004-secret-rotation.ts';
import * as auditLog from './0005-audit-log.ts';
import * as events from './0006-events.ts';
import * as externalAccounts from './0007-external-accounts.ts';
import * as jobCounts from './0008-job-counts.ts';

/**
 * Every migration, in the order in which they run. The processes of the release before go on working while and after they
 * do (infra/RUNBOOK.md), so they add and take nothing away: a test lists the exceptions.
 */
export const ALL_MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-initial': initial,
  '0002-stopped-jobs': stoppedJobs,
  '0003-checks-under-way': checksUnderWay,
  '0004-secret-rotation': secretRotation,
  '0005-audit-log': auditLog,
  '0006-events': events,
  '0007-external-accounts': externalAccounts,
  '0008-job-counts': jobCounts,
};
