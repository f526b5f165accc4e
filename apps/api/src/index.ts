export { type ApiConfig, loadApiConfig } from './config.ts';
export { migrateAll, migrateAll as migrate } from './migrate.ts';
export { start, type StartOverrides, type StartedApi } from './start.ts';
