import request, { type Response } from 'supertest';

import { startTestApi, type TestApi } from '../api.fixture.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});

afterAll(() => api.stop());

async function page(): Promise<Response> {
  return request(api.url).get('/docs').redirects(1);
}

/** The addresses that a page loads. */
const loadedBy = (html: string) =>
  [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => String(url));

test('shows the OpenAPI document to people, and loads nothing from elsewhere', async () => {
  const { status, type, text } = await page();
  expect({ status, type }).toEqual({ status: 200, type: 'text/html' });
  const files = await Promise.all(
    loadedBy(text).map(async (file) => [file, (await request(api.url).get(file)).type]),
  );
  expect(files).toEqual([
    ['/docs/favicon-32x32.png', 'image/png'],
    ['/docs/swagger-ui.css', 'text/css'],
    ['/docs/swagger-ui-bundle.js', 'text/javascript'],
    ['/docs/start.js', 'text/javascript'],
  ]);
  const start: Response = await request(api.url).get('/docs/start.js');
  expect(start.text).toContain("url: '/openapi.json'");
});

test('nobody else is asked whether the document is valid', async () => {
  const start: Response = await request(api.url).get('/docs/start.js');
  expect(start.text).toContain('validatorUrl: null');
});

test('the Content-Security-Policy allows no script in the page, no foreign address and no frame around it', async () => {
  const policy = (await page()).get('Content-Security-Policy') ?? '';
  expect(Object.fromEntries(policy.split(';').map((directive) => directive.split(/ (.*)/)))).toEqual({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data:",
    'connect-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  });
});

test('the page obeys it: no script, handler or style of its own', async () => {
  const { text } = await page();
  expect(text).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=|javascript:/i);
});

test.each(['/docs/package.json', '/docs/..%2fpackage.json', '/docs/swagger-ui.js', '/docs/index.html'])(
  '%s is 404: the page gets the files that it needs and no others',
  async (path) => {
    const { status, body }: Response = await request(api.url).get(path);
    expect({ status, body }).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  },
);
