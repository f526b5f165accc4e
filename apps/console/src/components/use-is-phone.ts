import { useMedia } from './use-media.ts';

/** Whether there is no more room than on a phone. */
export function useIsPhone(): boolean {
  return useMedia('(max-width: 720px)');
}
