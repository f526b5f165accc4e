export { type ApiConfig, loadApiConfig } from './config.ts';
export { migrateAll } from './migrate.ts';
export { type OverviewJson, overviewSchema } from './overview/overview-json.ts';
export { start, type StartOverrides, type StartedApi } from './start.ts';
