import {
  type Account,
  auditLogEntry,
  type AuditLogEntry,
  type AutomationFunction,
  BY_SERVICE,
  createJob,
  type EventEndpoint,
  type Job,
  JOB_DEFAULTS,
  type NewEvent,
  type NewJob,
  newId,
} from '@automation/domain';

let serial = 0;

/** A name that no other call answers. */
export function unique(prefix: string): string {
  serial += 1;
  return `${prefix}-${process.pid}-${serial}`;
}

export function buildAccount(overrides: Partial<Account> = {}): Account {
  return { id: unique('acc'), name: 'Test account', createdAt: new Date(), ...overrides };
}

export function buildFunction(
  overrides: Partial<AutomationFunction> & { accountId: string },
): AutomationFunction {
  const now = new Date();
  return {
    id: unique('fn'),
    name: 'test function',
    url: 'http://127.0.0.1:9/',
    headers: {},
    timeoutSeconds: 30,
    secret: 'whsec_dGVzdCBzZWNyZXQgb2YgdGhlIGZ1bmN0aW9u',
    previousSecret: null,
    previousSecretUntil: null,
    createdAt: now,
    updatedAt: now,
    ...overrides,
  };
}

/** A job as `createJob` makes it, then changed as the test needs it; its next run is an occurrence unless it says otherwise. */
export function buildJob(
  definition: Partial<NewJob> & { accountId: string; functionId: string },
  state: Partial<Job> = {},
): Job {
  const job = createJob(
    { ...JOB_DEFAULTS, name: unique('job'), schedule: '@hourly', enabled: true, ...definition },
    new Date(),
  );
  const { nextRun } = state;
  return { ...job, ...(nextRun === undefined ? {} : { nextOccurrence: nextRun }), ...state };
}

/** What the audit log says of a new job. */
export function buildCreation({ id: targetId, accountId, name, createdAt }: Job): AuditLogEntry {
  const change = { action: 'job.created', accountId, targetId, before: null, after: { name } } as const;
  return auditLogEntry(BY_SERVICE, change, createdAt);
}

/** An event of a job that need not exist. */
export function buildEvent(overrides: Partial<NewEvent> & { accountId: string }): NewEvent {
  return { jobId: newId(new Date()), executionId: null, type: 'job.updated', data: {}, ...overrides };
}

/** An endpoint that is sent all events. */
export function buildEventEndpoint(overrides: Partial<EventEndpoint> & { accountId: string }): EventEndpoint {
  const now = new Date();
  return {
    id: newId(now),
    url: 'http://127.0.0.1:9/',
    types: ['job.*', 'execution.*'],
    secret: 'whsec_dGVzdCBzZWNyZXQgb2YgdGhlIGVuZHBvaW50',
    previousSecret: null,
    previousSecretUntil: null,
    enabled: true,
    disabledReason: null,
    deliveredPosition: 0,
    attempts: 0,
    failingSince: null,
    lastError: null,
    nextAttemptAt: null,
    createdAt: now,
    updatedAt: now,
    ...overrides,
  };
}
