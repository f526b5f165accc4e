import type { Job } from '../api/job.ts';

/** Why a job does not run, or what is wrong with it, as far as the job itself tells; null if nothing is. */
export function statusNote(job: Job): string | null {
  const { consecutive_failures: failures, pause_after_failures: mostFailures, max_runs: mostRuns } = job;
  if (job.status === 'completed') {
    const isUsedUp = mostRuns > 0 && job.run_count >= mostRuns;
    return isUsedUp ? `All ${mostRuns} runs are done` : 'No occurrence is left';
  }
  if (job.status === 'paused' && mostFailures > 0 && failures >= mostFailures) {
    return `Paused by the service after ${failures} failures in a row`;
  }
  return failures > 1 ? `${failures} failures in a row` : null;
}
