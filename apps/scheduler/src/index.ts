export { loadSchedulerConfig, type SchedulerConfig } from './config.ts';
export { type RunningScheduler, start } from './start.ts';
