export { loadWorkerConfig, type WorkerConfig } from './config.ts';
export { type RunningWorker, start } from './start.ts';
