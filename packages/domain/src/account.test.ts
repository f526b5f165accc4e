import { coversScope, type Scope, SCOPES } from './account.ts';

test('the scopes are read, write and admin (SPEC 5)', () => {
  expect(SCOPES).toEqual(['read', 'write', 'admin']);
});

describe('a scope includes the lesser ones', () => {
  test.each<{ granted: Scope[]; needed: Scope; covered: boolean }>([
    { granted: ['read'], needed: 'read', covered: true },
    { granted: ['read'], needed: 'write', covered: false },
    { granted: ['read'], needed: 'admin', covered: false },
    { granted: ['write'], needed: 'read', covered: true },
    { granted: ['write'], needed: 'write', covered: true },
    { granted: ['write'], needed: 'admin', covered: false },
    { granted: ['admin'], needed: 'read', covered: true },
    { granted: ['admin'], needed: 'write', covered: true },
    { granted: ['admin'], needed: 'admin', covered: true },
  ])('$granted covers $needed: $covered', ({ granted, needed, covered }) => {
    expect(coversScope(granted, needed)).toBe(covered);
  });
});

test('of several scopes the greatest counts, wherever it stands', () => {
  expect(coversScope(['read', 'admin'], 'write')).toBe(true);
  expect(coversScope(['admin', 'read'], 'write')).toBe(true);
  expect(coversScope(['read', 'write'], 'admin')).toBe(false);
});

test.each<Scope>(['read', 'write', 'admin'])('a key without scopes does not cover %s', (needed) => {
  expect(coversScope([], needed)).toBe(false);
});
