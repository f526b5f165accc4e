import { useEffect } from 'react';

/** Names the tab, and its entries in the history, after the page. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Automation console`;
  }, [title]);
}
