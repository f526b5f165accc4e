import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';

import styles from './button.module.css';
import { classNames } from './class-names.ts';
import { VisuallyHidden } from './visually-hidden.tsx';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  children: ReactNode;
  /** `primary` once on a page at most; `quiet` has no border; `danger` for what can't be undone. */
  variant?: 'primary' | 'secondary' | 'quiet' | 'danger';
  /** An icon without text; needs an `aria-label`. */
  isIcon?: boolean;
}

/** A button. While `isPending` it does nothing, and keeps the focus. */
export function Button({ variant, isIcon = false, isPending = false, children, ...props }: ButtonProps) {
  // React Aria's own isPending announces an element that is gone once a page has changed, which is no accessible name.
  const pending: AriaButtonProps = isPending ? { onPress: undefined, type: 'button' } : {};
  return (
    <AriaButton
      {...props}
      {...pending}
      className={classNames(
        styles.button,
        styles[variant ?? 'secondary'],
        isIcon && styles.icon,
        isPending && styles.pending,
      )}
    >
      {children}
      {isPending && <VisuallyHidden>, under way</VisuallyHidden>}
    </AriaButton>
  );
}
