/** A run that a schedule yields. */
export interface UpcomingRun {
  /** In UTC. */
  at: string;
  /** By the clocks of the schedule's time zone, with their offset. */
  local: string;
  /** What a change of the clocks on that day does to it. */
  note?: string;
}

/** A schedule read aloud, and its next runs; none of a job that will not run by itself. */
export interface Upcoming {
  schedule: string;
  timezone: string;
  description: string;
  next_runs: UpcomingRun[];
}
