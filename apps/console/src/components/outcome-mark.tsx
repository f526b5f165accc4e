import { lookOf, type Outcome } from './outcome.ts';

/** The mark of one outcome, told apart by colour and shape. Decoration: what it stands beside says the same in words. */
export function OutcomeMark({ outcome }: { outcome: Outcome }) {
  const { color, path } = lookOf(outcome);
  return (
    <svg width="8" height="16" viewBox="0 0 8 16" aria-hidden="true">
      <path d={path} fill={color} fillRule="evenodd" />
    </svg>
  );
}
