import { isMissingFile } from './missing-file.ts';

test.each([
  'Failed to fetch dynamically imported module: http://127.0.0.1/console/assets/jobs-page-abc.js',
  'error loading dynamically imported module: http://127.0.0.1/console/assets/jobs-page-abc.js',
  'Importing a module script failed.',
  'Unable to preload CSS for /console/assets/jobs-page-abc.css',
])('%s is a file that is missing', (message) => {
  expect(isMissingFile(new TypeError(message))).toBe(true);
});

test('any other error is one of the page', () => {
  expect(isMissingFile(new TypeError('x is not a function'))).toBe(false);
  expect(isMissingFile('thrown')).toBe(false);
});
