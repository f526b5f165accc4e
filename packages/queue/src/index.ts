export type { Consumer, ConsumerOptions } from './consumer.ts';
export { QUEUES, SCHEMA as QUEUE_SCHEMA } from './queues.ts';
export * from './task.ts';
export * from './task-queue.ts';
export type { TaskWriter } from './task-writer.ts';
