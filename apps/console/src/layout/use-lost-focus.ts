import { useEffect, useRef } from 'react';

import { focusTitle } from './focus-title.ts';

/** So many controls of a page are remembered. */
const MOST = 10;

/**
 * When what has the focus goes away, as a dialog does that is closed, the focus goes back to the control of the page that had it
 * before. Dialogs do so by themselves, but not if they were opened from a menu, which is gone as well.
 */
export function useLostFocus(): void {
  const trail = useRef<HTMLElement[]>([]);
  useEffect(() => {
    let holder: Element | null = null;
    const take = ({ target }: FocusEvent) => {
      holder = target instanceof Element ? target : null;
      if (!(target instanceof HTMLElement) || !isInPage(target)) return;
      trail.current = [...trail.current.filter((each) => each !== target), target].slice(-MOST);
    };
    const leave = ({ target, relatedTarget }: FocusEvent) => {
      if (relatedTarget !== null) return;
      // What is still there afterwards has lost it by a click on nothing.
      queueMicrotask(() => {
        if (holder === target && holder?.isConnected === true) holder = null;
      });
    };
    const restore = () => {
      if (document.activeElement === document.body) giveBack(trail.current);
    };
    const observer = new MutationObserver(() => {
      if (holder === null || holder.isConnected) return;
      holder = null;
      // What goes away may hand the focus on by itself in this frame.
      requestAnimationFrame(restore);
    });
    observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', take);
    document.addEventListener('focusout', leave);
    // The sign-in page has gone away that hid this one for a while.
    if (trail.current.length > 0) restore();
    return () => {
      observer.disconnect();
      document.removeEventListener('focusin', take);
      document.removeEventListener('focusout', leave);
    };
  }, []);
}

/** Dialogs and menus stand outside of the root. */
function isInPage(target: HTMLElement): boolean {
  return document.getElementById('root')?.contains(target) ?? false;
}

/** What stands before a title that is gone is of a page that was left. */
function giveBack(trail: readonly HTMLElement[]): void {
  const last = trail.findLast((control) => control.isConnected || control.matches('h1'));
  last?.focus();
  if (document.activeElement === document.body) focusTitle();
}
