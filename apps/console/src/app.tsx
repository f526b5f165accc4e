import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from 'react-router/dom';

import type { Api } from './api/api.ts';
import { ApiContext } from './api/api-context.ts';
import { ToastArea, type Toasts, ToastsContext } from './components/toasts.tsx';
import { LiveContext } from './live/live-context.ts';
import type { LiveState } from './live/live-state.ts';
import type { createRouter } from './router.tsx';
import type { Session } from './session/session.ts';
import { SessionContext } from './session/session-context.ts';

export interface AppProps {
  session: Session;
  api: Api;
  queries: QueryClient;
  live: LiveState;
  toasts: Toasts;
  router: ReturnType<typeof createRouter>;
}

/** The console over what it is made of. */
export function App({ session, api, queries, live, toasts, router }: AppProps) {
  return (
    <SessionContext value={session}>
      <ApiContext value={api}>
        <LiveContext value={live}>
          <ToastsContext value={toasts}>
            <QueryClientProvider client={queries}>
              <RouterProvider router={router} />
              <ToastArea toasts={toasts} />
            </QueryClientProvider>
          </ToastsContext>
        </LiveContext>
      </ApiContext>
    </SessionContext>
  );
}
