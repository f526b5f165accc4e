/** Gives the focus to the title of the page, which is the first of what it has to say. */
export function focusTitle(): void {
  const main = document.querySelector('main');
  const title = main?.querySelector('h1') ?? main;
  title?.focus({ preventScroll: true });
}
