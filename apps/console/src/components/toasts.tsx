import { createContext, useCallback, useContext } from 'react';
import {
  Text,
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components';

import { Button } from './button.tsx';
import { CloseIcon } from './icons.tsx';
import styles from './toasts.module.css';

export interface Toast {
  message: string;
  /** What went wrong stays until it is closed. */
  isError?: boolean;
  /** Takes back what the message tells of. */
  onUndo?: () => void;
}

export type Toasts = ToastQueue<Toast>;

const SHOWN_MS = 8_000;
const MOST_SHOWN = 3;

export const ToastsContext = createContext<Toasts | null>(null);

export function createToasts(): Toasts {
  return new ToastQueue<Toast>({ maxVisibleToasts: MOST_SHOWN });
}

/** Shows a message about what was just done. */
export function useToast(): (toast: Toast) => void {
  const toasts = useContext(ToastsContext);
  if (toasts === null) throw new Error('useToast outside of ToastsContext');
  return useCallback(
    (toast) => void toasts.add(toast, toast.isError === true ? {} : { timeout: SHOWN_MS }),
    [toasts],
  );
}

/** Where toasts are shown; F6 leads there. */
export function ToastArea({ toasts }: { toasts: Toasts }) {
  return (
    <ToastRegion queue={toasts} className={styles.region} aria-label="Messages">
      {({ toast }) => (
        <AriaToast toast={toast} className={toast.content.isError === true ? styles.failed : styles.toast}>
          <ToastContent className={styles.content}>
            <Text slot="title">{toast.content.message}</Text>
          </ToastContent>
          {toast.content.onUndo !== undefined && (
            <Button
              variant="quiet"
              onPress={() => {
                toast.content.onUndo?.();
                toasts.close(toast.key);
              }}
            >
              Undo
            </Button>
          )}
          <Button slot="close" variant="quiet" isIcon aria-label="Close">
            <CloseIcon />
          </Button>
        </AriaToast>
      )}
    </ToastRegion>
  );
}
