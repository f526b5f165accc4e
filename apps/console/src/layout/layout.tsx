import { Suspense } from 'react';
import { Outlet } from 'react-router';

import { LoadingState } from '../components/loading-state.tsx';
import { useEvents } from '../live/use-events.ts';
import styles from './layout.module.css';
import { Sidebar } from './sidebar.tsx';

/** What is around every page: the sidebar, and the connection that keeps the pages up to date. */
export function Layout() {
  useEvents();
  return (
    <div className={styles.layout}>
      <a className={styles.skip} href="#main">
        Skip to the content
      </a>
      <Sidebar />
      <main id="main" className={styles.main} tabIndex={-1}>
        <Suspense fallback={<LoadingState />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}
