import { agoText } from './duration-text.ts';
import { useNow } from './now.ts';
import { Nothing } from './time.tsx';
import { bothTimesText } from './time-text.ts';

/** How long ago something was, roughly; when it was on hover. */
export function Ago({ at }: { at: string | null }) {
  const now = useNow();
  if (at === null) return <Nothing />;
  const date = new Date(at);
  return (
    <time dateTime={at} title={bothTimesText(date)}>
      {agoText(now - date.getTime())}
    </time>
  );
}
