const HERE = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

const HERE_WITH_YEAR = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

const THIS_YEAR = new Date().getFullYear();

/** An instant in the viewer's zone and language; the year only if it isn't this one. */
export function localTimeText(at: Date, thisYear = THIS_YEAR): string {
  return (at.getFullYear() === thisYear ? HERE : HERE_WITH_YEAR).format(at);
}

/** An instant in the viewer's zone, and in UTC. */
export function bothTimesText(at: Date): string {
  return `${localTimeText(at)} (${utcText(at)})`;
}

/** An instant in UTC: `2026-01-05 09:00:00 UTC`, with milliseconds if it has any. */
export function utcText(at: Date): string {
  return `${at.toISOString().replace('T', ' ').replace('.000', '').replace('Z', '')} UTC`;
}
