import { useRef } from 'react';
import { Menu, MenuItem, Popover } from 'react-aria-components';

import type { Job } from '../api/job.ts';
import styles from '../components/menu.module.css';
import { jobActions } from './job-actions.ts';
import type { Bulk } from './use-bulk.ts';

export interface OpenMenu {
  job: Job;
  /** The button that has opened it, which gets the focus back. */
  button: HTMLElement;
}

interface JobMenuProps {
  menu: OpenMenu;
  start: Bulk['start'];
  onClose: () => void;
}

/** What can be done with one job. There is one menu for all rows: one in each would make scrolling slow. */
export function JobMenu({ menu: { job, button }, start, onClose }: JobMenuProps) {
  const trigger = useRef(button);
  return (
    <Popover
      className={styles.popover}
      triggerRef={trigger}
      placement="bottom end"
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Menu className={styles.list} aria-label={`Actions on ${job.name}`} autoFocus="first" onClose={onClose}>
        {jobActions([job]).map(({ kind, label, targets }) => (
          <MenuItem
            key={kind}
            className={styles.item}
            isDisabled={targets.length === 0}
            onAction={() => start(kind, targets)}
          >
            {label}
          </MenuItem>
        ))}
      </Menu>
    </Popover>
  );
}
