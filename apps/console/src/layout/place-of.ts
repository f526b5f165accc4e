/**
 * A selector by which a control of a page is found again once the page is drawn anew: a link by where it leads, a row by its
 * key, a button by its name. Null if it has none of them.
 */
export function placeOf(target: EventTarget | null): string | null {
  const control = target instanceof Element ? target.closest('main :is(a, button, [data-key])') : null;
  if (control === null) return null;
  // A row and a mark in a line of marks may be of the same thing.
  const role = `[role="${control.getAttribute('role')}"]`;
  return named(control, 'href') ?? named(control, 'data-key', role) ?? named(control, 'aria-label');
}

function named(control: Element, attribute: string, also = ''): string | null {
  const name = control.getAttribute(attribute);
  return name === null ? null : `main [${attribute}="${CSS.escape(name)}"]${also}`;
}
