import type { Job } from '../api/job.ts';
import button from '../components/button.module.css';
import { classNames } from '../components/class-names.ts';
import { MoreIcon } from '../components/icons.tsx';
import { useJobsContext } from './jobs-context.ts';

/** Opens the menu of a row. A browser's own button: a table draws dozens of them anew while it is scrolled. */
export function JobMenuButton({ job, isActive }: { job: Job; isActive: boolean }) {
  const { openMenu } = useJobsContext();
  return (
    <button
      type="button"
      className={classNames(button.button, button.quiet, button.icon)}
      aria-label={`Actions on ${job.name}`}
      aria-haspopup="menu"
      tabIndex={isActive ? 0 : -1}
      onClick={({ currentTarget }) => openMenu({ job, button: currentTarget })}
    >
      <MoreIcon />
    </button>
  );
}
