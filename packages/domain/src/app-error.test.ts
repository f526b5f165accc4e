import { AppError, conflict, duplicateName, forbiddenJob, notFound, validationError } from './app-error.ts';

describe('each factory answers its code and its message, word for word (SPEC 5)', () => {
  test.each([
    [forbiddenJob(), 'FORBIDDEN', 'forbidden: job belongs to different account'],
    [duplicateName('Nightly report'), 'CONFLICT', 'job with name "Nightly report" already exists'],
    [duplicateName('say "hi"'), 'CONFLICT', 'job with name "say "hi"" already exists'],
    [notFound('job', '0190b7a5'), 'NOT_FOUND', 'job 0190b7a5 not found'],
    [notFound('execution', '42'), 'NOT_FOUND', 'execution 42 not found'],
    [conflict('job is completed'), 'CONFLICT', 'job is completed'],
  ])('%s', (error, code, message) => {
    expect(error).toBeInstanceOf(AppError);
    expect(error.code).toBe(code);
    expect(error.message).toBe(message);
    expect(error.details).toBeUndefined();
  });
});

test('a validation error has the first problem as its message and every problem in its details (SPEC 5)', () => {
  const details = [
    { field: 'function_id', message: 'required: function_id' },
    { field: 'name', message: 'required: name' },
  ];

  const error = validationError('required: function_id', details);

  expect(error).toBeInstanceOf(AppError);
  expect(error.code).toBe('VALIDATION_ERROR');
  expect(error.message).toBe('required: function_id');
  expect(error.details).toEqual(details);
});

test('an AppError is an Error with a name of its own', () => {
  const error = new AppError('INTERNAL', 'broken');

  expect(error).toBeInstanceOf(Error);
  expect(String(error)).toBe('AppError: broken');
});

test('the cause is kept, and there is none where none was given', () => {
  const cause = new Error('connection reset');

  expect(new AppError('UNAVAILABLE', 'database unavailable', { cause }).cause).toBe(cause);
  expect(new AppError('UNAVAILABLE', 'database unavailable')).not.toHaveProperty('cause');
});
