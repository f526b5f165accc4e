export type Theme = 'system' | 'light' | 'dark';

export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

const NAME = 'automation-console-theme';

/** The theme that was chosen on this machine. */
export function chosenTheme(): Theme {
  const name = localStorage.getItem(NAME);
  return THEMES.find((theme) => theme === name) ?? 'system';
}

/** Chooses a theme, and shows it. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(NAME, theme);
  showTheme(theme);
}

/** The tokens follow the color-scheme of the root. */
export function showTheme(theme: Theme): void {
  document.documentElement.style.colorScheme = theme === 'system' ? 'light dark' : theme;
}
