import { EmptyState } from '../components/empty-state.tsx';
import { PageHeader } from '../components/page-header.tsx';

/** An execution: its phases, attempts, request and response. */
export function ExecutionPage() {
  return (
    <>
      <PageHeader title="Execution" />
      <EmptyState title="Not here yet" />
    </>
  );
}
