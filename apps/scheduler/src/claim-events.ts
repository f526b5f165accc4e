import { instantText, type NewEvent, type PlannedExecution, stoppedJobEvent } from '@automation/domain';

/** What a claim tells of: executions that it skipped, and then the jobs that it ended or paused (SPEC 5). */
export function eventsOfClaim(
  executions: readonly PlannedExecution[],
  ended: readonly Parameters<typeof stoppedJobEvent>[0][],
): NewEvent[] {
  const skipped = executions.filter(({ state }) => state === 'skipped');
  return [...skipped.map(toSkipped), ...ended.map(stoppedJobEvent)];
}

function toSkipped(execution: PlannedExecution): NewEvent {
  const { id: executionId, jobId, accountId, reason, trigger, scheduledFor } = execution;
  const data = {
    status: 'skipped',
    reason,
    trigger,
    scheduled_for: instantText(scheduledFor),
    duration_ms: null,
  };
  return { accountId, jobId, executionId, type: 'execution.skipped', data };
}
