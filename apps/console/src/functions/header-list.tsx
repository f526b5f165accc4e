import { useState } from 'react';

import { Button } from '../components/button.tsx';
import styles from './header-list.module.css';

/** The headers of a function. Their values may be secrets, so they are shown only when asked for. */
export function HeaderList({ headers }: { headers: Readonly<Record<string, string>> }) {
  const [areShown, setShown] = useState(false);
  return (
    <div className={styles.list}>
      {Object.entries(headers).map(([name, value]) => (
        <code key={name}>
          {name}: {areShown ? value : '••••••'}
        </code>
      ))}
      <div>
        <Button onPress={() => setShown(!areShown)}>
          {areShown ? 'Hide the values' : 'Show the values'}
        </Button>
      </div>
    </div>
  );
}
