import { LinkButton } from '../components/link-button.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { useMay } from '../session/identity.ts';
import { BulkFailures } from './bulk-failures.tsx';
import { jobsOf } from './job-pages.ts';
import { JobsList } from './jobs-list.tsx';
import styles from './jobs-page.module.css';
import { JobsToolbar } from './jobs-toolbar.tsx';
import { isFiltered } from './jobs-view.ts';
import { useBulk } from './use-bulk.ts';
import { useJobList } from './use-job-list.ts';
import { useJobsView } from './use-jobs-view.ts';

/** All jobs of the account. */
export function JobsPage() {
  const [view, changeView] = useJobsView();
  const mayWrite = useMay('write');
  const list = useJobList(view);
  const bulk = useBulk();
  const count = jobsOf(list.data).length;
  // The first job has a button of its own, and nothing is to be found.
  const hasNone = list.isSuccess && count === 0 && !isFiltered(view);
  return (
    <div className={styles.page}>
      <PageHeader
        title="Jobs"
        actions={
          mayWrite &&
          !hasNone && (
            <LinkButton to="/jobs/new" variant="primary">
              New job
            </LinkButton>
          )
        }
      />
      {!hasNone && <JobsToolbar view={view} onView={changeView} count={countText(count, list.hasNextPage)} />}
      <BulkFailures bulk={bulk} />
      <JobsList
        key={`${view.status} ${view.functionId}`}
        list={list}
        view={view}
        onView={changeView}
        bulk={bulk}
      />
    </div>
  );
}

/** The api doesn't count jobs: how many there are is known at the end. */
function countText(count: number, hasMore: boolean): string {
  if (count === 0) return '';
  const jobs = count === 1 ? '1 job' : `${count.toLocaleString()} jobs`;
  return hasMore ? `${count.toLocaleString()}+ jobs` : jobs;
}
