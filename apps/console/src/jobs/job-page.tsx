import { EmptyState } from '../components/empty-state.tsx';
import { PageHeader } from '../components/page-header.tsx';

/** A job: its timeline, its figures and its configuration. */
export function JobPage() {
  return (
    <>
      <PageHeader title="Job" />
      <EmptyState title="Not here yet" />
    </>
  );
}
