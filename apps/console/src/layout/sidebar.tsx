import type { ReactNode } from 'react';
import { NavLink, useMatch } from 'react-router';

import { classNames } from '../components/class-names.ts';
import { FunctionsIcon, JobsIcon, OverviewIcon } from '../components/icons.tsx';
import { useMay } from '../session/identity.ts';
import { AccountMenu } from './account-menu.tsx';
import { LiveIndicator } from './live-indicator.tsx';
import { Logo } from './logo.tsx';
import styles from './sidebar.module.css';

/** The ways to all pages, whose account it is, and how up to date the pages are. A bar at the top on a phone. */
export function Sidebar({ onShowShortcuts }: { onShowShortcuts: () => void }) {
  const mayAdmin = useMay('admin');
  return (
    <header className={styles.sidebar}>
      <div className={styles.head}>
        <Logo />
      </div>
      <nav className={styles.nav} aria-label="Pages">
        <PageLink to="/jobs" partsAt="/executions" label="Jobs" icon={<JobsIcon />} />
        <PageLink to="/functions" label="Functions" icon={<FunctionsIcon />} />
        {mayAdmin && <PageLink to="/overview" label="Overview" icon={<OverviewIcon />} />}
      </nav>
      <div className={styles.foot}>
        <LiveIndicator />
        <AccountMenu onShowShortcuts={onShowShortcuts} />
      </div>
    </header>
  );
}

interface PageLinkProps {
  to: string;
  /** Where pages are that belong to it although their paths don't say so. */
  partsAt?: string;
  label: string;
  icon: ReactNode;
}

function PageLink({ to, partsAt = to, label, icon }: PageLinkProps) {
  const isAtPart = useMatch(`${partsAt}/*`) !== null;
  return (
    <NavLink
      to={to}
      className={({ isActive }) => classNames(styles.link, (isActive || isAtPart) && styles.active)}
    >
      {icon}
      {label}
    </NavLink>
  );
}
