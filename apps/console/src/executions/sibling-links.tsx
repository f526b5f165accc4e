import type { ReactNode } from 'react';

import type { Execution } from '../api/execution.ts';
import { Button } from '../components/button.tsx';
import { LinkButton } from '../components/link-button.tsx';
import { useSiblings } from './use-siblings.ts';

/** The ways to the execution of the same job before this one, and to the one after it. */
export function SiblingLinks({ execution }: { execution: Execution }) {
  const siblings = useSiblings(execution);
  return (
    <>
      <SiblingLink to={siblings?.previous ?? null}>
        <span aria-hidden="true">←</span> Previous
      </SiblingLink>
      <SiblingLink to={siblings?.next ?? null}>
        Next <span aria-hidden="true">→</span>
      </SiblingLink>
    </>
  );
}

/** Keeps its place if there is nowhere to go. */
function SiblingLink({ to, children }: { to: string | null; children: ReactNode }) {
  return to === null ? (
    <Button isDisabled>{children}</Button>
  ) : (
    <LinkButton to={`/executions/${to}`}>{children}</LinkButton>
  );
}
