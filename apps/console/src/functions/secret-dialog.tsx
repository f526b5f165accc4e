import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

import { Button } from '../components/button.tsx';
import { CodeView } from '../components/code-view.tsx';
import dialog from '../components/dialog.module.css';
import { Time } from '../components/time.tsx';
import type { FunctionWithSecret } from './use-function-changes.ts';

interface SecretDialogProps {
  fn: FunctionWithSecret;
  /** How long the secret before it signs as well, in seconds; null: there was none. */
  overlapSeconds: number | null;
  onClose: () => void;
}

/** Shows a secret, this once. It is closed by its button alone, lest a stray key lose it. */
export function SecretDialog({ fn, overlapSeconds, onClose }: SecretDialogProps) {
  return (
    <ModalOverlay className={dialog.overlay} isOpen isKeyboardDismissDisabled>
      <Modal className={dialog.modal}>
        <Dialog className={dialog.dialog}>
          <Heading slot="title" className={dialog.title}>
            The secret of {fn.name}
          </Heading>
          <div className={dialog.body}>
            Requests to the function are signed with it by Standard Webhooks. Store it where the function can
            read it: it is not shown again.
          </div>
          <CodeView label="Secret" text={fn.secret} isWrapped />
          {overlapSeconds !== null && <Overlap fn={fn} seconds={overlapSeconds} />}
          <div className={dialog.actions}>
            <Button variant="primary" onPress={onClose}>
              I have stored it
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Overlap({ fn, seconds }: { fn: FunctionWithSecret; seconds: number }) {
  const until = new Date(Date.parse(fn.updated_at) + seconds * 1_000).toISOString();
  return (
    <div className={dialog.body}>
      {seconds === 0 ? (
        'The old secret signs nothing any more.'
      ) : (
        <>
          Until <Time at={until} /> requests are signed by the old secret as well, so that none fails before
          the new one is in place.
        </>
      )}
    </div>
  );
}
