import { asError } from './as-error.ts';

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

test('an error stays what it is', () => {
  expect(asError(refused)).toBe(refused);
});

test('a copy of its fields becomes an error again, with its code and where it was thrown', () => {
  const { code, message, stack } = refused;
  const copy = { code, message, stack };
  const error = asError(copy);
  expect(Error.isError(error)).toBe(true);
  expect(error).toMatchObject(copy);
});

test.each([
  ['told', 'told'],
  [undefined, 'undefined'],
  [{ code: 7 }, '[object Object]'],
])('%p, which is no error, becomes one', (thrown, message) => {
  expect(asError(thrown)).toMatchObject({ message });
});
