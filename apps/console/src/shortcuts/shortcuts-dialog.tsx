import { useState } from 'react';
import { Dialog, Heading, Modal, ModalOverlay, Switch } from 'react-aria-components';

import { Button } from '../components/button.tsx';
import dialog from '../components/dialog.module.css';
import { areShortcutsOn, turnShortcuts } from './shortcut-choice.ts';
import { SHORTCUTS } from './shortcuts.ts';
import styles from './shortcuts-dialog.module.css';

/** The list of all shortcuts, and the way to turn them off. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <ModalOverlay
      className={dialog.overlay}
      isOpen
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Modal className={dialog.modal}>
        <Dialog className={dialog.dialog}>
          <Heading slot="title" className={dialog.title}>
            Keyboard shortcuts
          </Heading>
          <dl className={styles.list}>
            {SHORTCUTS.map(({ keys, label }) => (
              <div key={keys} className={styles.row}>
                <dt>{label}</dt>
                <dd className={styles.keys}>
                  {keys.split(' ').map((key) => (
                    <kbd key={key} className={styles.key}>
                      {key}
                    </kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
          <div className={dialog.actions}>
            <ShortcutsSwitch />
            <Button onPress={onClose}>Close</Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function ShortcutsSwitch() {
  const [areOn, setOn] = useState(areShortcutsOn);
  return (
    <Switch
      className={styles.switch}
      isSelected={areOn}
      onChange={(isOn) => {
        turnShortcuts(isOn);
        setOn(isOn);
      }}
    >
      <span className={styles.track} aria-hidden="true" />
      Shortcuts are on
    </Switch>
  );
}
