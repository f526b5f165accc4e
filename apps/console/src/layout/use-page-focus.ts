import { useEffect, useRef, useState } from 'react';
import { NavigationType, useLocation, useNavigationType } from 'react-router';

import { focusTitle } from './focus-title.ts';
import { placeOf } from './place-of.ts';

/** What is drawn later than that is not waited for any more. */
const LONGEST_WAIT_MS = 3_000;

/**
 * Moves the focus as a browser does between documents: to the title of a page that is opened, and on the way back to the row or
 * the control from which it was left, once that is drawn. A page that takes the focus by itself keeps it.
 */
export function usePageFocus(): void {
  const { pathname, key } = useLocation();
  const isWayBack = useNavigationType() === NavigationType.Pop;
  const left = useLeftPlaces(key);
  const shownPath = useRef(pathname);
  useEffect(() => {
    if (shownPath.current === pathname) return undefined;
    shownPath.current = pathname;
    const main = document.querySelector('main');
    if (main === null || main.contains(document.activeElement)) return undefined;
    focusTitle();
    const place = isWayBack ? left.get(key) : undefined;
    return place === undefined ? undefined : focusOnceThere(main, place);
  }, [pathname, key, isWayBack, left]);
}

/** What had the focus last on each entry of the history, by their keys. */
function useLeftPlaces(key: string): Map<string, string> {
  const [left] = useState(() => new Map<string, string>());
  useEffect(() => {
    const note = ({ target }: Event) => {
      const place = placeOf(target);
      if (place !== null) left.set(key, place);
    };
    document.addEventListener('focusin', note);
    // Not every browser gives the focus to what is clicked.
    document.addEventListener('click', note, { capture: true });
    return () => {
      document.removeEventListener('focusin', note);
      document.removeEventListener('click', note, { capture: true });
    };
  }, [left, key]);
  return left;
}

/** Focuses something once it is drawn, unless the focus has moved on from the title; returns what ends the waiting. */
function focusOnceThere(main: HTMLElement, place: string): () => void {
  const observer = new MutationObserver(look);
  observer.observe(main, { childList: true, subtree: true });
  const timer = setTimeout(() => observer.disconnect(), LONGEST_WAIT_MS);
  look();
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };

  function look(): void {
    const isWaiting = document.activeElement?.matches('body, main, h1') ?? true;
    const control = isWaiting ? main.querySelector<HTMLElement>(place) : null;
    control?.focus({ preventScroll: true });
    if (control !== null || !isWaiting) observer.disconnect();
  }
}
