/**
 * What a stranger sent, made fit for an error message: one line, no control characters.
 * @param maxLength in Unicode code points, so that the cut never leaves half of a surrogate pair
 */
export function plainText(text: string, maxLength: number): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return line.length <= maxLength ? line : Array.from(line).slice(0, maxLength).join('');
}
