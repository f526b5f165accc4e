import { useQueryClient } from '@tanstack/react-query';
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';

import { ChevronIcon } from '../components/icons.tsx';
import menu from '../components/menu.module.css';
import { useIdentity } from '../session/identity.ts';
import { useSession } from '../session/session-context.ts';
import styles from './account-menu.module.css';
import { ThemeChoice } from './theme-choice.tsx';

/** Whose account it is, the choice of a theme, and the way out. */
export function AccountMenu({ onShowShortcuts }: { onShowShortcuts: () => void }) {
  const { data: identity } = useIdentity();
  const session = useSession();
  const queries = useQueryClient();
  const signOut = () => {
    session.signOut();
    queries.clear();
  };
  const name = identity?.account_name ?? identity?.account_id ?? '';
  return (
    <MenuTrigger>
      <Button className={styles.button} aria-label={`Account ${name}`}>
        <span className={styles.name}>{name}</span>
        <ChevronIcon />
      </Button>
      <Popover className={menu.popover}>
        <Menu className={menu.list}>
          <ThemeChoice />
          <MenuSection>
            <Header className={menu.heading}>{name}</Header>
            <MenuItem className={menu.item} onAction={onShowShortcuts}>
              Keyboard shortcuts
            </MenuItem>
            <MenuItem className={menu.item} onAction={signOut}>
              Sign out
            </MenuItem>
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
