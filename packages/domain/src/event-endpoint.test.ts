import { type EventEndpoint, updateEndpoint } from './event-endpoint.ts';

const NOW = new Date('2026-01-05T09:00:00Z');

const failing: EventEndpoint = {
  id: 'endpoint-1',
  accountId: 'acc',
  url: 'https://example.com/old',
  types: ['job.*'],
  secret: 'whsec_AAAA',
  previousSecret: null,
  previousSecretUntil: null,
  enabled: false,
  disabledReason: 'the endpoint answered 410 Gone',
  deliveredPosition: 7,
  attempts: 3,
  failingSince: new Date(0),
  lastError: 'HTTP 404 Not Found',
  nextAttemptAt: new Date(1),
  createdAt: new Date(0),
  updatedAt: new Date(0),
};
const RENEWED = { attempts: 0, failingSince: null, lastError: null, nextAttemptAt: null };

test('enabling an endpoint is a new start, from where it was', () => {
  const enabled = updateEndpoint(failing, { enabled: true }, NOW);
  expect(enabled).toEqual({
    ...failing,
    ...RENEWED,
    enabled: true,
    disabledReason: null,
    updatedAt: NOW,
  });
});

test('a new address is a new start, but does not enable it', () => {
  const moved = updateEndpoint(failing, { url: 'https://example.com/new' }, NOW);
  expect(moved).toEqual({ ...failing, ...RENEWED, url: 'https://example.com/new', updatedAt: NOW });
});

test('other types change nothing else', () => {
  const changed = updateEndpoint(failing, { types: ['execution.failed'] }, NOW);
  expect(changed).toEqual({ ...failing, types: ['execution.failed'], updatedAt: NOW });
});
