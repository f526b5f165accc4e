export * from './builders.ts';
export * from './database-link.ts';
export * from './free-port.ts';
export * from './function-server.ts';
export * from './ledger-snapshot.ts';
export * from './lost-connection.ts';
export * from './process-harness.ts';
export { createTestDatabase, type TestDatabase } from './test-database.ts';
export * from './wait-until.ts';
