import { EmptyState } from '../components/empty-state.tsx';
import { PageHeader } from '../components/page-header.tsx';

/** The form that creates a job. */
export function NewJobPage() {
  return (
    <>
      <PageHeader title="New job" />
      <EmptyState title="Not here yet" />
    </>
  );
}
