import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { useIdentity } from '../session/identity.ts';
import styles from './overview-page.module.css';

interface OwnedLinkProps {
  accountId: string;
  to: string;
  children: ReactNode;
}

/** The way to something of an account; with another account's key it can't be opened, so that whose it is is told instead. */
export function OwnedLink({ accountId, to, children }: OwnedLinkProps) {
  const { data: identity } = useIdentity();
  if (identity?.account_id === accountId) return <Link to={to}>{children}</Link>;
  return (
    <>
      {children}
      <div className={styles.beside}>of {accountId}</div>
    </>
  );
}
