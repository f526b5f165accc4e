import { EmptyState } from '../components/empty-state.tsx';
import { PageHeader } from '../components/page-header.tsx';

/** All jobs of the account. */
export function JobsPage() {
  return (
    <>
      <PageHeader title="Jobs" />
      <EmptyState title="Not here yet" />
    </>
  );
}
