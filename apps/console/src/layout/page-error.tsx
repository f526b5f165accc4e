import { useRouteError } from 'react-router';

import { ErrorState } from '../components/error-state.tsx';
import { PageHeader } from '../components/page-header.tsx';

/** In the place of a page that broke, or whose files could not be loaded, as after an update of the service. */
export function PageError() {
  const error = useRouteError();
  return (
    <>
      <PageHeader title="This page broke" />
      <ErrorState
        error={error instanceof Error ? error : new Error(String(error))}
        onRetry={() => window.location.reload()}
      />
    </>
  );
}
