import { readPayload } from './read-payload.ts';

test.each([
  ['', {}],
  [' \n', {}],
  ['{"a": [1]}', { a: [1] }],
  ['[1]', null],
  ['null', null],
  ['7', null],
  ['{"a": }', null],
])('%j is read as the payload %j', (text, payload) => {
  expect(readPayload(text)).toEqual(payload);
});
