import type { Trigger } from '../api/execution.ts';

const TEXTS: Record<Trigger, string> = {
  schedule: 'Schedule',
  manual: 'By hand',
  catch_up: 'Catching up',
};

/** How an execution has come about. */
export function triggerText(trigger: Trigger): string {
  return TEXTS[trigger];
}
