import type { ReactNode } from 'react';
import { Link } from 'react-router';

import styles from './page-header.module.css';
import { usePageTitle } from './use-page-title.ts';

interface PageHeaderProps {
  title: string;
  /** Where the page belongs: a link above the title. */
  parent?: { to: string; label: string };
  /** Beside the title, such as a badge. */
  beside?: ReactNode;
  /** A line below the title. */
  description?: ReactNode;
  /** Buttons, the most important one last. */
  actions?: ReactNode;
}

/** The head of a page: the one `h1`, which also names the tab. */
export function PageHeader({ title, parent, beside, description, actions }: PageHeaderProps) {
  usePageTitle(title);
  return (
    <header className={styles.header}>
      <div className={styles.text}>
        {parent !== undefined && (
          <Link className={styles.parent} to={parent.to}>
            {parent.label}
          </Link>
        )}
        <div className={styles.line}>
          <h1 className={styles.title} tabIndex={-1}>
            {title}
          </h1>
          {beside}
        </div>
        {description !== undefined && <p className={styles.description}>{description}</p>}
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}
