import type { ReactNode } from 'react';
import { Dialog, Form, Heading, Modal, ModalOverlay } from 'react-aria-components';

import { Button } from './button.tsx';
import styles from './dialog.module.css';
import { ErrorNote } from './error-note.tsx';

interface FormDialogProps {
  title: string;
  /** The fields. */
  children: ReactNode;
  /** What the button does, such as `Create function`. */
  action: string;
  isPending: boolean;
  /** What is wrong, unless it is told at a field. */
  error: Error | null;
  onSubmit: () => void;
  onClose: () => void;
}

/** A short form above the page. A press beside it doesn't close it, so that nothing typed is lost. */
export function FormDialog({
  title,
  children,
  action,
  isPending,
  error,
  onSubmit,
  onClose,
}: FormDialogProps) {
  return (
    <ModalOverlay className={styles.overlay} isOpen onOpenChange={onClose}>
      <Modal className={styles.modal}>
        <Dialog className={styles.dialog}>
          <Heading slot="title" className={styles.title}>
            {title}
          </Heading>
          <Form
            className={styles.form}
            validationBehavior="aria"
            onSubmit={(event) => {
              event.preventDefault();
              if (!isPending) onSubmit();
            }}
          >
            {children}
            {error !== null && <ErrorNote error={error} />}
            <div className={styles.actions}>
              <Button onPress={onClose}>Cancel</Button>
              <Button type="submit" variant="primary" isPending={isPending}>
                {action}
              </Button>
            </div>
          </Form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
