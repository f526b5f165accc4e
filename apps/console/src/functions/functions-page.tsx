import { EmptyState } from '../components/empty-state.tsx';
import { PageHeader } from '../components/page-header.tsx';

/** The functions of the account, and how they do. */
export function FunctionsPage() {
  return (
    <>
      <PageHeader title="Functions" />
      <EmptyState title="Not here yet" />
    </>
  );
}
