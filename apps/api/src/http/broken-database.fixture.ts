import { type Database, openStore, type Store } from '@automation/store';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';

/** A store whose every statement fails with this error. */
export function brokenStore(error: Error): Store {
  const driver = new DummyDriver();
  driver.acquireConnection = async () => {
    throw error;
  };
  const db: Database = new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  const idle = openStore({
    url: 'postgres://127.0.0.1:9/none',
    poolSize: 1,
    applicationName: 'broken',
    onConnectionError: () => undefined,
  });
  return { ...idle, db };
}
