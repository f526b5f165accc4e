import type { ReactNode } from 'react';

import { ErrorState } from '../components/error-state.tsx';
import { LoadingState } from '../components/loading-state.tsx';
import { useIdentity } from './identity.ts';
import { useIsSignedIn } from './session-context.ts';
import { SignInPage } from './sign-in-page.tsx';

/** What is asked for, once it is known who asks; the sign-in page in its place until then. The address stays what it is. */
export function RequireSession({ children }: { children: ReactNode }) {
  return useIsSignedIn() ? <Identified>{children}</Identified> : <SignInPage />;
}

function Identified({ children }: { children: ReactNode }) {
  const { data, error, refetch } = useIdentity();
  if (data !== undefined) return children;
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <LoadingState label="Signing in" rows={3} />;
}
