const SCALES = [
  [1e15, 'PB'],
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
] as const;

/** A number to two digits: what is derived is no more exact than that. */
export function about(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 2 });
}

/** A number as it was measured, to three digits. */
export function measuredNumber(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/** Bytes to two digits, in the unit that suits them. */
export function bytes(value: number): string {
  const [divisor, unit] = SCALES.find(([least]) => value >= least) ?? [1, 'B'];
  return `${about(value / divisor)} ${unit}`;
}
