import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startTestServer } from './test-server.ts';

/** Starts the PostgreSQL of this test run, or takes the one of DATABASE_URL. */
export default async function globalSetup(): Promise<void> {
  // The apps that tests start as processes need not compile the same modules each time: that is most of their start.
  process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'automation-test-compiled');
  await startTestServer();
}
