import type { ReactNode } from 'react';

import styles from './notice.module.css';

interface NoticeProps {
  children: ReactNode;
  tone?: 'danger' | 'plain';
}

/** A few words that must not be overlooked, such as why something failed. */
export function Notice({ children, tone = 'plain' }: NoticeProps) {
  return <div className={`${styles.notice} ${styles[tone]}`}>{children}</div>;
}
