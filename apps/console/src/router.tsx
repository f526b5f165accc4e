import { createBrowserRouter, Navigate, type RouteObject } from 'react-router';

import { ConsoleError } from './layout/console-error.tsx';
import { Layout } from './layout/layout.tsx';
import { NotFoundPage } from './layout/not-found-page.tsx';
import { PageError } from './layout/page-error.tsx';
import { RequireSession } from './session/require-session.tsx';

/** Each is loaded when it is first opened. */
const PAGES: RouteObject[] = [
  { index: true, element: <Navigate to="/jobs" replace /> },
  {
    path: 'jobs',
    lazy: async () => ({ Component: (await import('./jobs/jobs-page.tsx')).JobsPage }),
  },
  {
    path: 'jobs/new',
    lazy: async () => ({ Component: (await import('./job-form/new-job-page.tsx')).NewJobPage }),
  },
  {
    path: 'jobs/:id',
    lazy: async () => ({ Component: (await import('./job/job-page.tsx')).JobPage }),
  },
  {
    path: 'jobs/:id/edit',
    lazy: async () => ({
      Component: (await import('./job-form/edit-job-page.tsx')).EditJobPage,
    }),
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
    path: 'functions/:id',
    lazy: async () => ({
      Component: (await import('./functions/function-page.tsx')).FunctionPage,
    }),
  },
  {
    path: 'overview',
    lazy: async () => ({
      Component: (await import('./overview/overview-page.tsx')).OverviewPage,
    }),
  },
  { path: '*', element: <NotFoundPage /> },
];

/** All pages, inside of what is around each. */
export function createRouter() {
  return createBrowserRouter(
    [
      {
        element: (
          <RequireSession>
            <Layout />
          </RequireSession>
        ),
        errorElement: <ConsoleError />,
        HydrateFallback: () => null,
        children: [{ errorElement: <PageError />, children: PAGES }],
      },
    ],
    { basename: '/console' },
  );
}
