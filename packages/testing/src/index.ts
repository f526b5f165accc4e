export * from './builders.ts';
export * from './free-port.ts';
export * from './function-server.ts';
export { createTestDatabase, type TestDatabase } from './test-database.ts';
export * from './wait-until.ts';
