import type { ReactNode } from 'react';
import { Link } from 'react-router';

import styles from './page-header.module.css';
import { usePageTitle } from './use-page-title.ts';
import { useWayUp } from './use-way-up.ts';

interface PageHeaderProps {
  title: string;
  /** What the tab is named after, if the title alone tells too little. */
  tab?: string;
  /** Where the page belongs: a link above the title. */
  parent?: { to: string; label: string };
  /** Beside the title, such as a badge. */
  beside?: ReactNode;
  /** A line below the title. */
  description?: ReactNode;
  /** Buttons, the most important one last. */
  actions?: ReactNode;
}

/** The head of a page: the one `h1`, and the name of the tab. */
export function PageHeader({ title, tab = title, parent, beside, description, actions }: PageHeaderProps) {
  usePageTitle(tab);
  const goUp = useWayUp(parent?.to);
  return (
    <header className={styles.header}>
      <div className={styles.text}>
        {parent !== undefined && (
          <Link className={styles.parent} to={parent.to} onClick={goUp}>
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
