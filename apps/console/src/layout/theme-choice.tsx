import { useState } from 'react';
import { Header, MenuItem, MenuSection } from 'react-aria-components';

import { CheckIcon } from '../components/icons.tsx';
import menu from '../components/menu.module.css';
import { chooseTheme, chosenTheme, type Theme, THEMES } from '../theme/theme.ts';

const LABELS: Record<Theme, string> = { system: 'Like the system', light: 'Light', dark: 'Dark' };

/** A section of a menu that chooses the theme: the system's, unless another one is chosen. */
export function ThemeChoice() {
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <MenuSection
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[theme]}
      onSelectionChange={(keys) => {
        const chosen = THEMES.find((each) => keys === 'all' || keys.has(each));
        if (chosen === undefined) return;
        chooseTheme(chosen);
        setTheme(chosen);
      }}
    >
      <Header className={menu.heading}>Theme</Header>
      {THEMES.map((each) => (
        <MenuItem key={each} id={each} textValue={LABELS[each]} className={menu.item}>
          {({ isSelected }) => (
            <>
              {LABELS[each]}
              {isSelected && <CheckIcon />}
            </>
          )}
        </MenuItem>
      ))}
    </MenuSection>
  );
}
