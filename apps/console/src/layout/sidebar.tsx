import type { ReactNode } from 'react';
import { NavLink } from 'react-router';

import { FunctionsIcon, JobsIcon, OverviewIcon } from '../components/icons.tsx';
import { useMay } from '../session/identity.ts';
import { AccountMenu } from './account-menu.tsx';
import { LiveIndicator } from './live-indicator.tsx';
import { Logo } from './logo.tsx';
import styles from './sidebar.module.css';

/** The ways to all pages, whose account it is, and how up to date the pages are. A bar at the top on a phone. */
export function Sidebar() {
  const mayAdmin = useMay('admin');
  return (
    <header className={styles.sidebar}>
      <div className={styles.head}>
        <Logo />
        <LiveIndicator />
      </div>
      <nav className={styles.nav} aria-label="Pages">
        <PageLink to="/jobs" label="Jobs" icon={<JobsIcon />} />
        <PageLink to="/functions" label="Functions" icon={<FunctionsIcon />} />
        {mayAdmin && <PageLink to="/overview" label="Overview" icon={<OverviewIcon />} />}
      </nav>
      <div className={styles.foot}>
        <AccountMenu />
      </div>
    </header>
  );
}

function PageLink({ to, label, icon }: { to: string; label: string; icon: ReactNode }) {
  return (
    <NavLink
      to={to}
      className={({ isActive }) => (isActive ? `${styles.link} ${styles.active}` : styles.link)}
    >
      {icon}
      {label}
    </NavLink>
  );
}
