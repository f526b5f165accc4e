import { auditLogEntry, BY_SERVICE, changedFields, stoppedJobEntry } from './audit-log.ts';
import { idTime } from './id.ts';

const AT = new Date('2026-03-04T05:06:07.008Z');

describe('an entry', () => {
  const origin = {
    actor: { kind: 'api_key' as const, id: 'key' },
    requestId: 'request',
    clientAddress: '192.0.2.1',
    traceparent: 'of the caller',
  };

  test('says who changed what, when and from where, and nothing else of the caller', () => {
    const change = {
      accountId: 'acc',
      action: 'function.secret_rotated' as const,
      targetId: 'fn',
      before: null,
      after: null,
    };
    expect(auditLogEntry(origin, change, AT)).toEqual({
      id: expect.any(String),
      at: AT,
      accountId: 'acc',
      actor: { kind: 'api_key', id: 'key' },
      action: 'function.secret_rotated',
      targetType: 'function',
      targetId: 'fn',
      before: null,
      after: null,
      requestId: 'request',
      clientAddress: '192.0.2.1',
    });
  });

  test('has an id of its instant, by which the log is sorted', () => {
    const change = {
      accountId: 'acc',
      action: 'job.run' as const,
      targetId: 'job',
      before: null,
      after: null,
    };
    expect(idTime(auditLogEntry(BY_SERVICE, change, AT).id)).toEqual(AT);
  });
});

describe('a job that the service stopped', () => {
  const job = { jobId: 'job', accountId: 'acc', wasEnabled: true, status: 'paused' as const, reason: 'gone' };

  test('is told of with the reason, in the name of the service', () => {
    expect(stoppedJobEntry(job, AT)).toMatchObject({
      ...BY_SERVICE,
      action: 'job.paused',
      targetType: 'job',
      targetId: 'job',
      before: { status: 'active', enabled: true, status_reason: null },
      after: { status: 'paused', enabled: false, status_reason: 'gone' },
    });
  });

  test('may have been paused before it was completed', () => {
    expect(stoppedJobEntry({ ...job, status: 'completed', wasEnabled: false }, AT)).toMatchObject({
      action: 'job.completed',
      before: { status: 'paused', enabled: false },
    });
  });
});

describe('of two states of a thing', () => {
  test('the fields that differ are told, those of one state alone included', () => {
    const before = { same: 1, changed: 'old', dropped: null, list: [1, 2] };
    const after = { same: 1, changed: 'new', added: true, list: [2, 1] };
    expect(changedFields(before, after)).toEqual({
      before: { changed: 'old', dropped: null, list: [1, 2] },
      after: { changed: 'new', added: true, list: [2, 1] },
    });
  });

  test('that say the same nothing is told, in whatever order PostgreSQL has put the keys', () => {
    const before = { payload: { a: { b: [], c: null }, d: 0 } };
    const after = { payload: { d: 0, a: { c: null, b: [] } } };
    expect(changedFields(before, after)).toEqual({ before: {}, after: {} });
  });

  test.each([
    [{}, []],
    [{}, null],
    [[1], [1, 2]],
    [{ a: 1 }, { b: 1 }],
    [0, false],
    ['1', 1],
  ])('%j is not %j', (one, other) => {
    expect(changedFields({ value: one }, { value: other })).toEqual({
      before: { value: one },
      after: { value: other },
    });
  });

  test('a field may have the name of something that every object inherits', () => {
    expect(changedFields({}, { constructor: 'x' })).toEqual({ before: {}, after: { constructor: 'x' } });
  });
});
