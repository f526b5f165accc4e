/** An event of the service, as the stream tells it (README, Events). */
export interface ServiceEvent {
  id: string;
  type: string;
  time: string;
  job_id?: string;
  execution_id?: string;
}

/** Reads the data of a server-sent event; null if it is none of the service's. */
export function toServiceEvent(data: string): ServiceEvent | null {
  const event: unknown = JSON.parse(data);
  return isServiceEvent(event) ? event : null;
}

function isServiceEvent(value: unknown): value is ServiceEvent {
  return typeof Reflect.get(Object(value), 'type') === 'string';
}
