import { useEffect, useRef } from 'react';
import { useNavigate } from 'react-router';

import { useMay } from '../session/identity.ts';
import { createKeySequence } from './key-sequence.ts';
import { areShortcutsOn } from './shortcut-choice.ts';
import { type Shortcut, SHORTCUTS } from './shortcuts.ts';

/** Listens to the keys of all shortcuts, wherever the focus is that no key is meant for. */
export function useShortcuts(showList: () => void): void {
  const actions = useActions(showList);
  const current = useRef(actions);
  useEffect(() => {
    current.current = actions;
  });
  useEffect(() => {
    const press = createKeySequence(SHORTCUTS.map(({ keys }) => keys));
    const listen = (event: KeyboardEvent) => {
      if (!isMeantForPage(event) || !areShortcutsOn()) return;
      const complete = press(event.key, event.timeStamp);
      const shortcut = SHORTCUTS.find(({ keys }) => keys === complete);
      if (shortcut === undefined) return;
      event.preventDefault();
      current.current[shortcut.keys]();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

function useActions(showList: () => void): Record<Shortcut, () => void> {
  const navigate = useNavigate();
  const mayWrite = useMay('write');
  const mayAdmin = useMay('admin');
  const goTo = (path: string, may = true) => {
    if (may) void navigate(path);
  };
  return {
    'g j': () => goTo('/jobs'),
    'g f': () => goTo('/functions'),
    'g o': () => goTo('/overview', mayAdmin),
    n: () => goTo('/jobs/new', mayWrite),
    '/': () => document.querySelector<HTMLInputElement>('main input[type=search]')?.focus(),
    '?': showList,
  };
}

/** Where letters are text, or choose from a list. */
const TAKES_KEYS =
  'input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu], [role=listbox]';

function isMeantForPage({ target, ctrlKey, metaKey, altKey, defaultPrevented }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || defaultPrevented) return false;
  return !(target instanceof Element && target.closest(TAKES_KEYS) !== null);
}
