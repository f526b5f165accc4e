import { type RefObject, useEffect } from 'react';

/** Leads to the first field that something is wrong with, each time that the form was refused. */
export function useFocusOnProblem(form: RefObject<HTMLFormElement | null>, error: Error | null): void {
  useEffect(() => {
    if (error === null) return;
    form.current
      ?.querySelector<HTMLElement>(
        '[aria-invalid="true"], [data-invalid] [tabindex="0"], [data-invalid] button',
      )
      ?.focus();
  }, [form, error]);
}
