import { countdownText } from './duration-text.ts';
import { useNow } from './now.ts';
import { Nothing } from './time.tsx';
import { bothTimesText } from './time-text.ts';

/** How long it is until an instant, moving on each second; `now` once it has come. */
export function Countdown({ to }: { to: string | null }) {
  const now = useNow();
  if (to === null) return <Nothing />;
  const date = new Date(to);
  const left = date.getTime() - now;
  return (
    <time dateTime={to} title={bothTimesText(date)}>
      {left <= 0 ? 'now' : `in ${countdownText(left)}`}
    </time>
  );
}
