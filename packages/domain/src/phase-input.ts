import type { JsonObject } from './json.ts';

/** What the function gets in its check: the job's payload under the reserved keys, which win (SPEC 3.6). */
export function checkInput(jobId: string, payload: JsonObject): JsonObject {
  return { ...payload, automation_job: jobId, phase: 'check' };
}

/** What the function gets in its perform (SPEC 3.7). */
export function performInput(jobId: string, payload: JsonObject, performPayload: JsonObject): JsonObject {
  return { ...payload, ...performPayload, automation_job: jobId, phase: 'perform' };
}
