import { Button } from '../components/button.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { LinkButton } from '../components/link-button.tsx';
import styles from './no-jobs.module.css';

/** Shown to an account without a job: how to make the first one, here or from a shell. */
export function NoJobs({ mayWrite }: { mayWrite: boolean }) {
  if (!mayWrite)
    return <EmptyState title="No jobs yet">This key can read jobs, but not create them.</EmptyState>;
  return (
    <EmptyState
      title="No jobs yet"
      action={
        <>
          <LinkButton to="/jobs/new" variant="primary">
            Create the first job
          </LinkButton>
          <FirstJobCommand />
        </>
      }
    >
      A job asks a function, on a schedule, whether to act, and has it act if it says so.
    </EmptyState>
  );
}

function FirstJobCommand() {
  const command = [
    `curl ${window.location.origin}/automation/jobs \\`,
    `  -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\`,
    `  -d '{"function_id": "…", "name": "daily report", "schedule": "0 9 * * MON-FRI"}'`,
  ].join('\n');
  return (
    <div className={styles.command}>
      <span className={styles.label}>
        Or from a shell
        <CopyButton text={command} what="the command" />
      </span>
      {/* Reachable by the keyboard, which scrolls it. */}
      <pre className={styles.text} tabIndex={0} role="region" aria-label="Command that creates a job">
        {command}
      </pre>
    </div>
  );
}

/** Shown if no job is as it was asked for. */
export function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState title="No such jobs" action={<Button onPress={onClear}>Clear the filters</Button>}>
      No job matches all of the filters.
    </EmptyState>
  );
}
