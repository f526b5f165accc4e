import { firstCharacters } from './first-characters.ts';

/**
 * What a stranger sent, made fit for an error message: one line, no control characters.
 * @param maxLength in Unicode code points
 */
export function plainText(text: string, maxLength: number): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return firstCharacters(line, maxLength);
}
