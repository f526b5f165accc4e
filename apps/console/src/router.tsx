import { createBrowserRouter, Navigate } from 'react-router';

import { Layout } from './layout/layout.tsx';
import { NotFoundPage } from './layout/not-found-page.tsx';
import { PageError } from './layout/page-error.tsx';
import { RequireSession } from './session/require-session.tsx';

/** All pages. Each is loaded when it is first opened. */
export function createRouter() {
  return createBrowserRouter(
    [
      {
        element: (
          <RequireSession>
            <Layout />
          </RequireSession>
        ),
        HydrateFallback: () => null,
        children: [
          {
            errorElement: <PageError />,
            children: [
              { index: true, element: <Navigate to="/jobs" replace /> },
              {
                path: 'jobs',
                lazy: async () => ({ Component: (await import('./jobs/jobs-page.tsx')).JobsPage }),
              },
              {
                path: 'jobs/new',
                lazy: async () => ({ Component: (await import('./jobs/new-job-page.tsx')).NewJobPage }),
              },
              {
                path: 'jobs/:id',
                lazy: async () => ({ Component: (await import('./jobs/job-page.tsx')).JobPage }),
              },
              {
                path: 'executions/:id',
                lazy: async () => ({
                  Component: (await import('./executions/execution-page.tsx')).ExecutionPage,
                }),
              },
              {
                path: 'functions',
                lazy: async () => ({
                  Component: (await import('./functions/functions-page.tsx')).FunctionsPage,
                }),
              },
              {
                path: 'overview',
                lazy: async () => ({
                  Component: (await import('./overview/overview-page.tsx')).OverviewPage,
                }),
              },
              { path: '*', element: <NotFoundPage /> },
            ],
          },
        ],
      },
    ],
    { basename: '/console' },
  );
}
