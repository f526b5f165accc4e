import { useRouteError } from 'react-router';

import { ErrorState } from '../components/error-state.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { isMissingFile } from './missing-file.ts';

/** In the place of a page that broke, or whose files could not be loaded. */
export function PageError() {
  const thrown = useRouteError();
  return isMissingFile(thrown) ? (
    <>
      <PageHeader title="This page could not be loaded" />
      <ErrorState error={new Error(MISSING)} onRetry={reload} />
    </>
  ) : (
    <>
      <PageHeader title="This page broke" />
      <ErrorState error={thrown instanceof Error ? thrown : new Error(String(thrown))} onRetry={reload} />
    </>
  );
}

const MISSING =
  'Its files are not there: the console was updated since this tab was opened, or it cannot be reached.';

function reload(): void {
  window.location.reload();
}
