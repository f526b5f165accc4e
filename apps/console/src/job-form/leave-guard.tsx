import { useBeforeUnload, useBlocker } from 'react-router';

import { ConfirmDialog } from '../components/confirm-dialog.tsx';

/** Asks before a page is left whose changes are not saved. */
export function LeaveGuard({ isActive }: { isActive: boolean }) {
  // The part after the path is what is looked at on the same page.
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => isActive && currentLocation.pathname !== nextLocation.pathname,
  );
  useBeforeUnload((event) => {
    if (isActive) event.preventDefault();
  });
  return (
    <ConfirmDialog
      title="Leave without saving?"
      action="Leave"
      isDanger
      isOpen={blocker.state === 'blocked'}
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    >
      What you have written is lost.
    </ConfirmDialog>
  );
}
