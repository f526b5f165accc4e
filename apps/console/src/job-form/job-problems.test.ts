import { ApiError } from '../api/api-error.ts';
import { faultOutsideOfFields, problemOfField } from './job-problems.ts';

test('what the api says of a field is told there, and nowhere else', () => {
  const details = [{ field: 'schedule', message: 'required: schedule' }];
  const error = new ApiError({
    status: 400,
    code: 'VALIDATION_ERROR',
    message: 'required: schedule',
    details,
  });
  expect(problemOfField(error, 'schedule')).toBe('required: schedule');
  expect(problemOfField(error, 'name')).toBeUndefined();
  expect(faultOutsideOfFields(error)).toBeNull();
});

test('a name that is taken is a problem of the name; any other conflict is of no field', () => {
  const taken = new ApiError({ status: 409, code: 'CONFLICT', message: 'job with name "a" already exists' });
  expect(problemOfField(taken, 'name')).toBe('job with name "a" already exists');
  expect(faultOutsideOfFields(taken)).toBeNull();
  const other = new ApiError({ status: 409, code: 'CONFLICT', message: 'job is completed' });
  expect(faultOutsideOfFields(other)).toBe(other);
});
