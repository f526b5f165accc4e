export { cancelExecution } from './cancel-execution.ts';
export { fillRoom } from './fill-room.ts';
export { type HeldExecution, type PhaseTask, recordOutcomes, type Settled } from './record-outcomes.ts';
export { releaseWaiting } from './release-waiting.ts';
