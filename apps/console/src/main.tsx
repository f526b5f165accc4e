import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { createApi } from './api/api.ts';
import { createQueryClient } from './api/query-client.ts';
import { App } from './app.tsx';
import { createToasts } from './components/toasts.tsx';
import { createLiveState } from './live/live-state.ts';
import { createRouter } from './router.tsx';
import { createSession } from './session/session.ts';
import { chosenTheme, showTheme } from './theme/theme.ts';
import './theme/tokens.css';
import './theme/base.css';

showTheme(chosenTheme());

const session = createSession(sessionStorage);
const live = createLiveState();
const queries = createQueryClient(live.pollMs);
const api = createApi({
  key: session.key,
  onRefused: () =>
    session.interrupt('The service does not take the API key any more. Sign in again to go on.'),
  onReached: live.setReachable,
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root');
createRoot(root).render(
  <StrictMode>
    <App
      session={session}
      api={api}
      queries={queries}
      live={live}
      toasts={createToasts()}
      router={createRouter()}
    />
  </StrictMode>,
);
