import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';

import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import { MoreIcon } from './icons.tsx';
import styles from './menu.module.css';

export interface MenuAction {
  label: string;
  onAction: () => void;
  isDanger?: boolean;
  isDisabled?: boolean;
}

/** A button with three dots that opens a list of actions. `label` says on what they act. */
export function ActionMenu({ label, actions }: { label: string; actions: readonly MenuAction[] }) {
  return (
    <MenuTrigger>
      <Button variant="quiet" isIcon aria-label={label}>
        <MoreIcon />
      </Button>
      <Popover className={styles.popover} placement="bottom end">
        <Menu className={styles.list}>
          {actions.map((action) => (
            <MenuItem
              key={action.label}
              className={classNames(styles.item, action.isDanger === true && styles.danger)}
              isDisabled={action.isDisabled}
              onAction={action.onAction}
            >
              {action.label}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
