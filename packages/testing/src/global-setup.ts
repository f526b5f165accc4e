import { startTestServer } from './test-server.ts';

/** Starts the PostgreSQL of this test run, or takes the one of DATABASE_URL. */
export default async function globalSetup(): Promise<void> {
  await startTestServer();
}
