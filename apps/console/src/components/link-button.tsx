import { Link, type LinkProps } from 'react-router';

import styles from './button.module.css';
import { classNames } from './class-names.ts';

interface LinkButtonProps extends Omit<LinkProps, 'className'> {
  variant?: 'primary' | 'secondary' | 'quiet';
}

/** A way to another page that looks like a button. */
export function LinkButton({ variant = 'secondary', ...props }: LinkButtonProps) {
  return <Link {...props} className={classNames(styles.button, styles[variant])} />;
}
