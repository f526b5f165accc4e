import { errorMessage } from './error-message.ts';

test.each([
  ['an error says its message', new Error('no such host'), 'no such host'],
  [
    'an aggregate without a message says those of its errors',
    new AggregateError([new Error('refused by ::1'), new Error('refused by 127.0.0.1')]),
    'refused by ::1; refused by 127.0.0.1',
  ],
  ['an error without a message says its name', new TypeError(), 'TypeError'],
  ['anything else that was thrown is printed', 'oops', 'oops'],
])('%s', (_title, thrown, message) => {
  expect(errorMessage(thrown)).toBe(message);
});
