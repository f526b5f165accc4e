import { EmptyState } from '../components/empty-state.tsx';
import { PageHeader } from '../components/page-header.tsx';

/** How the whole service does, for operators. */
export function OverviewPage() {
  return (
    <>
      <PageHeader title="Overview" />
      <EmptyState title="Not here yet" />
    </>
  );
}
