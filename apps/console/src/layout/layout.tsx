import { lazy, Suspense, useState } from 'react';
import { Outlet, ScrollRestoration } from 'react-router';

import { LoadingState } from '../components/loading-state.tsx';
import { useEvents } from '../live/use-events.ts';
import { useShortcuts } from '../shortcuts/use-shortcuts.ts';
import styles from './layout.module.css';
import { OfflineNotice } from './offline-notice.tsx';
import { Sidebar } from './sidebar.tsx';
import { useLostFocus } from './use-lost-focus.ts';
import { usePageFocus } from './use-page-focus.ts';

const ShortcutsDialog = lazy(async () => ({
  default: (await import('../shortcuts/shortcuts-dialog.tsx')).ShortcutsDialog,
}));

/** What is around every page: the sidebar, the keys that work everywhere, and the connection that keeps the pages up to date. */
export function Layout() {
  const [areShortcutsShown, showShortcuts] = useState(false);
  useEvents();
  usePageFocus();
  useLostFocus();
  useShortcuts(() => showShortcuts(true));
  return (
    <div className={styles.layout}>
      <a className={styles.skip} href="#main">
        Skip to the content
      </a>
      <Sidebar onShowShortcuts={() => showShortcuts(true)} />
      <main id="main" className={styles.main} tabIndex={-1}>
        <OfflineNotice />
        <Suspense fallback={<LoadingState />}>
          <Outlet />
        </Suspense>
      </main>
      <Suspense>{areShortcutsShown && <ShortcutsDialog onClose={() => showShortcuts(false)} />}</Suspense>
      <ScrollRestoration />
    </div>
  );
}
