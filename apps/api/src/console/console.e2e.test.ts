import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import express, { type ErrorRequestHandler } from 'express';
import request, { type Response } from 'supertest';

import { toAppError } from '../http/to-app-error.ts';
import { consoleRouter } from './console-router.ts';

const LARGE = 'start();'.repeat(10_000);
const PAGE = '<!doctype html><title>the console</title>';

let files: string;

beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'automation-console-'));
  await mkdir(join(files, 'assets'));
  await writeFile(join(files, 'index.html'), PAGE);
  await writeFile(join(files, 'assets', 'main-abc123.js'), 'start();');
  await writeFile(join(files, 'assets', 'main-abc123.css'), 'a {}');
  await writeFile(join(files, 'assets', 'large-abc123.js'), LARGE);
  await writeFile(join(files, 'assets', 'large-abc123.js.gz'), gzipSync(LARGE));
  await writeFile(join(files, 'assets', 'large-abc123.js.br'), brotliCompressSync(LARGE));
});

afterAll(() => rm(files, { recursive: true }));

const refuse: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const { code, message } = toAppError(error);
  response.status(code === 'NOT_FOUND' ? 404 : 500).json({ message });
};

/** Asks the router alone. */
async function get(path: string, directory = files, encoding = 'identity'): Promise<Response> {
  const app = express();
  app.use('/console', consoleRouter(directory));
  app.use(refuse);
  return request(app).get(path).set('Accept-Encoding', encoding);
}

test.each(['/console', '/console/', '/console/jobs', '/console/executions/01a220d4?tab=logs'])(
  '%s is the page, which a browser asks for each time',
  async (path) => {
    const { status, type, text, headers } = await get(path);
    expect({ status, type, text }).toEqual({ status: 200, type: 'text/html', text: PAGE });
    expect(headers['cache-control']).toBe('no-cache');
  },
);

test('files whose names change with their content are kept for a year', async () => {
  const { status, headers, text } = await get('/console/assets/main-abc123.js');
  expect({ status, text }).toEqual({ status: 200, text: 'start();' });
  expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

test.each([
  ['identity', undefined],
  ['gzip', 'gzip'],
  ['gzip, deflate, br, zstd', 'br'],
  ['zstd', undefined],
])('who reads %s gets a file as the build has compressed it, and alike in all else', async (reads, sent) => {
  const { status, type, text, headers } = await get('/console/assets/large-abc123.js', files, reads);
  expect({ status, type, text }).toEqual({ status: 200, type: 'text/javascript', text: LARGE });
  expect(headers['content-encoding']).toBe(sent);
  expect(headers).toMatchObject({
    vary: 'Accept-Encoding',
    'cache-control': 'public, max-age=31536000, immutable',
  });
});

describe.each(['identity', 'gzip'])('to who reads %s', (encoding) => {
  test.each(['/console/assets/main-older.js', '/console/assets/', '/console/assets/..%2findex.html'])(
    '%s is 404, and not the page',
    async (path) => {
      const { status, text } = await get(path, files, encoding);
      expect({ status, isPage: text === PAGE }).toEqual({ status: 404, isPage: false });
    },
  );
});

test('the Content-Security-Policy allows files of this server and nothing else', async () => {
  for (const path of ['/console', '/console/assets/main-abc123.js']) {
    const policy = (await get(path)).get('Content-Security-Policy') ?? '';
    expect(Object.fromEntries(policy.split(';').map((directive) => directive.split(/ (.*)/)))).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self' data:",
      'connect-src': "'self'",
      'font-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
  }
});

test('a console that is not built is 404, and says how to build it', async () => {
  const { status, body }: Response = await get('/console/jobs', join(files, 'nothing'));
  expect({ status, body }).toEqual({
    status: 404,
    body: { message: 'the console is not built: `npm run build` does it' },
  });
});
