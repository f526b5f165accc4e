import { type MouseEvent, useEffect } from 'react';
import { NavigationType, useLocation, useNavigate, useNavigationType } from 'react-router';

/** From which paths the entries of the tab's history were opened, by their keys. */
const openedFrom = new Map<string, string | undefined>();
let shown = { key: '', pathname: '' };

/**
 * Makes the link to the page that this one belongs to the way back if it was opened from there: what that page showed, how far
 * it was scrolled and what had the focus is then as it was.
 */
export function useWayUp(to: string | undefined): (event: MouseEvent) => void {
  const { key, pathname } = useLocation();
  const navigate = useNavigate();
  const type = useNavigationType();
  useEffect(() => {
    if (key === shown.key) return;
    if (type === NavigationType.Push) openedFrom.set(key, shown.pathname);
    if (type === NavigationType.Replace) openedFrom.set(key, openedFrom.get(shown.key));
    shown = { key, pathname };
  }, [key, pathname, type]);
  return (event) => {
    const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (isElsewhere || openedFrom.get(key) !== to) return;
    event.preventDefault();
    void navigate(-1);
  };
}
