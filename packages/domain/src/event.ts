import { instantText } from './instant-text.ts';
import type { JsonObject } from './json.ts';

const JOB_EVENTS = [
  'job.created',
  'job.updated',
  'job.enabled',
  'job.disabled',
  'job.paused',
  'job.completed',
] as const;

const EXECUTION_EVENTS = [
  'execution.succeeded',
  'execution.declined',
  'execution.skipped',
  'execution.failed',
  'execution.timed_out',
  'execution.cancelled',
] as const;

export const EVENT_TYPES = [...JOB_EVENTS, ...EXECUTION_EVENTS] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What readers may ask for: a type, or all of a group. */
export const EVENT_SELECTORS = ['job.*', 'execution.*', ...EVENT_TYPES] as const;
export type EventSelector = (typeof EVENT_SELECTORS)[number];

/** Something that happened to a job or to one of its executions (SPEC 5). */
export interface NewEvent {
  accountId: string;
  jobId: string;
  /** Null: it is about the job itself. */
  executionId: string | null;
  type: EventType;
  data: JsonObject;
}

/** An event in its place in the order that all readers see. */
export interface PublishedEvent extends NewEvent {
  /** Counted from 1, without gaps, over all accounts. */
  position: number;
  createdAt: Date;
}

/** The types that selectors stand for. */
export function selectedTypes(selectors: readonly EventSelector[]): EventType[] {
  return EVENT_TYPES.filter((type) =>
    selectors.some((selector) => selector === type || selector === groupOf(type)),
  );
}

/** Whether selectors ask for what happens to executions, of which there are far more than of changes to jobs. */
export function selectsExecutions(selectors: readonly EventSelector[]): boolean {
  return selectors.some((selector) => selector.startsWith('execution.'));
}

function groupOf(type: EventType): string {
  return type.replace(/\..*$/, '.*');
}

/** What a reader gets. */
export type EventMessage = JsonObject & { id: string; type: string };

/** An event as its readers get it, after CloudEvents; its id is its position. */
export function eventJson(event: PublishedEvent): EventMessage {
  const { position, type, createdAt, accountId, jobId, executionId, data } = event;
  return {
    id: String(position),
    type,
    time: instantText(createdAt),
    account_id: accountId,
    job_id: jobId,
    ...(executionId === null ? {} : { execution_id: executionId }),
    data,
  };
}

/** Events that a reader has not got and never will: they are kept no longer. */
export interface EventGap {
  accountId: string;
  /** The last position that the reader is known to have seen. */
  after: number;
  /** The last position that is kept no longer. */
  until: number;
}

/** What a reader gets in place of events that are lost to it. */
export function gapJson({ accountId, after, until }: EventGap, now: Date): EventMessage {
  return {
    id: String(until),
    type: 'events.gap',
    time: instantText(now),
    account_id: accountId,
    data: { after: String(after), until: String(until) },
  };
}
