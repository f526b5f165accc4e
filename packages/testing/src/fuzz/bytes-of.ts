/** UTF-8, a character a byte. */
export function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** As it may stand in a path or a query. */
export function percentEncode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9._~-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}
