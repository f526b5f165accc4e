import { Activity, Fragment, type ReactNode } from 'react';

import { ErrorState } from '../components/error-state.tsx';
import { LoadingState } from '../components/loading-state.tsx';
import { useIdentity } from './identity.ts';
import { useSessionState } from './session-context.ts';
import { SignInPage } from './sign-in-page.tsx';

/**
 * What is asked for, once it is known who asks; the sign-in page in its place until then. The address stays what it is, and so
 * does what was being written when the key was refused: it is hidden until one signs in again.
 */
export function RequireSession({ children }: { children: ReactNode }) {
  const state = useSessionState();
  return (
    <>
      {state !== 'signed out' && (
        <Activity mode={state === 'signed in' ? 'visible' : 'hidden'}>
          <Identified>{children}</Identified>
        </Activity>
      )}
      {state !== 'signed in' && <SignInPage />}
    </>
  );
}

/** Another account begins anew: what one has written is not for the other. */
function Identified({ children }: { children: ReactNode }) {
  const { data, error, refetch } = useIdentity();
  if (data !== undefined) return <Fragment key={data.account_id}>{children}</Fragment>;
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <LoadingState label="Signing in" rows={3} />;
}
