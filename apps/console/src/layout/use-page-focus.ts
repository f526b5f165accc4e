import { useEffect, useRef, useState } from 'react';
import { NavigationType, useLocation, useNavigationType } from 'react-router';

/**
 * Moves the focus as a browser does between documents: to the title of a page that is opened, and on the way back to the link by
 * which it was left. A page that takes the focus by itself keeps it.
 */
export function usePageFocus(): void {
  const { pathname, key } = useLocation();
  const isWayBack = useNavigationType() === NavigationType.Pop;
  const followed = useFollowedLinks(key);
  const shownPath = useRef(pathname);
  useEffect(() => {
    if (shownPath.current === pathname) return;
    shownPath.current = pathname;
    const main = document.querySelector('main');
    if (main?.contains(document.activeElement) === true) return;
    const href = isWayBack ? followed.get(key) : undefined;
    const target = linkTo(href) ?? main?.querySelector<HTMLElement>('h1') ?? main;
    target?.focus({ preventScroll: true });
  }, [pathname, key, isWayBack, followed]);
}

/** By which links the entries of the history were left, by their keys. */
function useFollowedLinks(key: string): Map<string, string> {
  const [followed] = useState(() => new Map<string, string>());
  useEffect(() => {
    const follow = ({ target }: MouseEvent) => {
      const link = target instanceof Element ? target.closest('main a') : null;
      if (link !== null) followed.set(key, link.getAttribute('href') ?? '');
    };
    document.addEventListener('click', follow, { capture: true });
    return () => document.removeEventListener('click', follow, { capture: true });
  }, [followed, key]);
  return followed;
}

function linkTo(href: string | undefined): HTMLElement | null {
  return href === undefined
    ? null
    : document.querySelector<HTMLElement>(`main a[href="${CSS.escape(href)}"]`);
}
