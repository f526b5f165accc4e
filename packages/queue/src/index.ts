export type { Consumer, ConsumerOptions } from './consumer.ts';
export { QUEUES } from './queues.ts';
export * from './task.ts';
export * from './task-queue.ts';
