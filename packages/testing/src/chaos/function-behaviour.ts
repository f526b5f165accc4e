import type { Phase } from '@automation/domain';

import type { Meaning } from './evidence.ts';
import type { Random } from './random.ts';

/** How a function reacts to a request. */
export type Reaction =
  | { kind: 'answer'; delayMs: number; reply: Reply }
  /** Never answers. */
  | { kind: 'hang' }
  /** Closes the connection instead of an answer. */
  | { kind: 'reset'; delayMs: number }
  /** 202: says later what came of it, or never (null). */
  | {
      kind: 'accept';
      withinSeconds: number;
      later: { delayMs: number; envelope: object; means: Meaning } | null;
    };

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body: string;
  means: Meaning;
}

const CALM_DELAY_MS = 5;

/** Of a hundred requests; together less than what opens a circuit breaker. */
const WEIGHTS = {
  good: 70,
  slow: 9,
  asynchronous: 7,
  hang: 2.5,
  reset: 1.5,
  error500: 4,
  unavailable: 2,
  notFound: 1.5,
  brokenJson: 1.2,
  redirect: 1,
  gone: 0.15,
};

/** What a function does with a request in the storm. */
export function react(phase: Phase, random: Random): Reaction {
  const kind = random.weighted(WEIGHTS);
  const delayMs = kind === 'slow' ? random.between(1_000, 4_000) : random.between(2, 300);
  if (isFault(kind)) return { kind: 'answer', delayMs, reply: FAULTS[kind] };
  switch (kind) {
    case 'good':
    case 'slow':
      return { kind: 'answer', delayMs, reply: goodReply(phase, random) };
    case 'asynchronous':
      return accept(phase, random);
    case 'hang':
      return { kind };
    case 'reset':
      return { kind, delayMs };
  }
}

function isFault(kind: keyof typeof WEIGHTS): kind is Fault {
  return kind in FAULTS;
}

/** What a function does with a request when all is to come to an end. */
export function reactCalmly(phase: Phase): Reaction {
  const body = phase === 'check' ? '{"shouldPerform":true}' : '{}';
  return { kind: 'answer', delayMs: CALM_DELAY_MS, reply: { status: 200, body, means: 'yes' } };
}

type Fault = Exclude<keyof typeof WEIGHTS, 'good' | 'slow' | 'asynchronous' | 'hang' | 'reset'>;

const FAULTS: Readonly<Record<Fault, Reply>> = {
  error500: { status: 500, body: '{"error":"broken"}', means: 'fault' },
  unavailable: { status: 503, headers: { 'retry-after': '1' }, body: '', means: 'fault' },
  notFound: { status: 404, body: '{}', means: 'fault' },
  brokenJson: { status: 200, body: '{"shouldPerform":', means: 'fault' },
  redirect: { status: 302, headers: { location: '/elsewhere' }, body: '', means: 'fault' },
  gone: { status: 410, body: '{}', means: 'fault' },
};

function goodReply(phase: Phase, random: Random): Reply {
  if (phase === 'perform')
    return { status: 200, body: random.pick(['{"done":true}', '{}', '']), means: 'yes' };
  if (random.chance(0.15)) return { status: 200, body: '{"shouldPerform":false}', means: 'no' };
  const body = random.pick([
    '',
    '{}',
    '{"shouldPerform":true}',
    '{"shouldPerform":"TRUE","performPayload":{"n":1}}',
  ]);
  return { status: 200, body, means: 'yes' };
}

function accept(phase: Phase, random: Random): Reaction {
  const withinSeconds = random.between(3, 7);
  const fate = random.weighted({ completes: 80, fails: 10, neverCompletes: 5, isLate: 5 });
  if (fate === 'neverCompletes') return { kind: 'accept', withinSeconds, later: null };
  const delayMs =
    fate === 'isLate' ? withinSeconds * 1_000 + random.between(0, 1_000) : random.between(50, 2_500);
  if (fate === 'fails') {
    return {
      kind: 'accept',
      withinSeconds,
      later: { delayMs, envelope: { error: 'failed later' }, means: 'fault' },
    };
  }
  const declines = phase === 'check' && random.chance(0.15);
  const envelope = { output: phase === 'check' ? { shouldPerform: !declines } : { done: true } };
  return { kind: 'accept', withinSeconds, later: { delayMs, envelope, means: declines ? 'no' : 'yes' } };
}
