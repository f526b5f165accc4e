import { useEffect, useState } from 'react';

import { Button } from './button.tsx';
import { CheckIcon, CopyIcon } from './icons.tsx';
import { useToast } from './toasts.tsx';

interface CopyButtonProps {
  /** What is copied. */
  text: string;
  /** What it is called, such as `the id`. */
  what: string;
}

const SAID_MS = 2_000;

/** Copies a text, and says for a moment that it has. */
export function CopyButton({ text, what }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false);
  const toast = useToast();
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      toast({ message: `The browser does not let ${what} be copied.`, isError: true });
    }
  };
  const label = isCopied ? 'Copied' : `Copy ${what}`;
  return (
    <Button variant="quiet" isIcon aria-label={label} onPress={() => void copy()}>
      {isCopied ? <CheckIcon /> : <CopyIcon />}
    </Button>
  );
}
