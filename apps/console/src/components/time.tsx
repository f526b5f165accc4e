import { localTimeText, utcText } from './time-text.ts';
import { VisuallyHidden } from './visually-hidden.tsx';

/** An instant in the viewer's zone; UTC on hover and for screen readers. Nothing is told as a dash. */
export function Time({ at }: { at: string | null }) {
  if (at === null) return <Nothing />;
  const date = new Date(at);
  const utc = utcText(date);
  return (
    <time dateTime={at} title={utc}>
      {localTimeText(date)}
      <VisuallyHidden>, {utc}</VisuallyHidden>
    </time>
  );
}

/** A value that isn't there. */
export function Nothing() {
  return (
    <>
      <span aria-hidden="true">–</span>
      <VisuallyHidden>none</VisuallyHidden>
    </>
  );
}
