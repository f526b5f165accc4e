import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

import { Button } from './button.tsx';
import styles from './dialog.module.css';
import { ErrorNote } from './error-note.tsx';

interface ConfirmDialogProps {
  title: string;
  /** What will happen, and what not. */
  children: ReactNode;
  /** What the button does, such as `Rotate secret`. */
  action: string;
  isDanger?: boolean;
  isPending?: boolean;
  /** Why it could not be done. */
  error?: Error | null;
  isOpen: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something is done that can't be undone. What can be undone is done at once, with a toast that undoes it. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, action, isDanger = false, isPending = false, error = null } = props;
  const { isOpen, onConfirm, onClose } = props;
  return (
    <ModalOverlay
      className={styles.overlay}
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={styles.modal}>
        <Dialog role="alertdialog" className={styles.dialog}>
          <Heading slot="title" className={styles.title}>
            {title}
          </Heading>
          <div className={styles.body}>{children}</div>
          {error !== null && <ErrorNote error={error} />}
          <div className={styles.actions}>
            <Button onPress={onClose}>Cancel</Button>
            <Button
              variant={isDanger ? 'danger' : 'primary'}
              isPending={isPending}
              onPress={onConfirm}
              autoFocus
            >
              {action}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
