/** A share from 0 to 1 as per cent: never 0 % or 100 % unless it is. */
export function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 1) return '< 1 %';
  if (percent > 99 && percent < 100) return '> 99 %';
  return `${Math.round(percent)} %`;
}
