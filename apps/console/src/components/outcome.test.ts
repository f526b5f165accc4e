import { lookOf, OUTCOMES, outcomeOf, summary } from './outcome.ts';

test.each(['pending', 'checking', 'performing'] as const)('%s is open', (status) => {
  expect(outcomeOf(status)).toBe('open');
});

test('outcomes are told apart without their colours: each has a shape of its own', () => {
  expect(new Set(OUTCOMES.map((outcome) => lookOf(outcome).path)).size).toBe(OUTCOMES.length);
});

test('several outcomes are summed up in words', () => {
  expect(summary(['succeeded', 'failed', 'succeeded', 'open'])).toBe('2 succeeded, 1 failed, 1 open');
});
