import type { Ledger, Violation } from '../chaos/evidence.ts';
import type { EventFollower } from './event-follower.ts';

/** Whoever follows the events of new jobs hears of each job, once, whichever replica they are connected to (SPEC 5). */
export function judgeEvents(
  { jobs, streams }: Pick<EventFollower, 'jobs' | 'streams'>,
  ledger: Ledger,
): Violation[] {
  // An earlier release may have none.
  if (streams === 0) return [];
  const heard = Map.groupBy(jobs, (job) => job);
  return ledger.jobs.flatMap(({ id }) => {
    const times = heard.get(id)?.length ?? 0;
    if (times === 1) return [];
    return [
      { rule: times === 0 ? 'lost event' : 'event twice', what: `job ${id} was told of ${times} times` },
    ];
  });
}
