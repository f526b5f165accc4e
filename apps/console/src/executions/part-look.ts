import type { Part, Waterfall } from './waterfall.ts';

interface PartLook {
  label: string;
  description: string;
  /** In the style sheet of the waterfall. */
  className: string;
}

const LOOKS: Record<Part, PartLook> = {
  claim: {
    label: 'Until claimed',
    description: 'From when it was due, jitter included, until a scheduler claimed it.',
    className: 'claim',
  },
  queue: { label: 'Queued', description: 'Until a worker took it up.', className: 'queue' },
  connect: {
    label: 'Connect',
    description: 'Waiting for a connection, looking up the host and connecting.',
    className: 'connect',
  },
  wait: { label: 'Wait', description: "From the request to the answer's headers.", className: 'wait' },
  body: { label: 'Body', description: "Reading the answer's body.", className: 'body' },
  request: {
    label: 'Request',
    description: 'Of the attempt, without knowing on what it was spent.',
    className: 'request',
  },
  completion: {
    label: 'Completion',
    description: 'The function answered 202, and says later what came of it.',
    className: 'completion',
  },
  backoff: { label: 'Backoff', description: 'Waiting before the next attempt.', className: 'backoff' },
  cut_off: {
    label: 'Cut off',
    description: 'Cancelled before there was an answer.',
    className: 'running',
  },
  running: { label: 'Under way', description: 'No answer has been recorded.', className: 'running' },
};

export function lookOfPart(part: Part): PartLook {
  return LOOKS[part];
}

/** The parts that a waterfall has, in the order in which they come. */
export function partsShown({ rows }: Waterfall): Part[] {
  const order: readonly Part[] = [
    'claim',
    'queue',
    'connect',
    'wait',
    'body',
    'request',
    'completion',
    'backoff',
    'running',
    'cut_off',
  ];
  const shown = new Set(rows.flatMap(({ spans }) => spans.map(({ part }) => part)));
  return order.filter((part) => shown.has(part));
}
