import { randomBytes } from 'node:crypto';

/** The text of a new API key: 256 random bits, with a prefix by which secret scanners know it. */
export function newApiKeyText(): string {
  return `ak_${randomBytes(32).toString('base64url')}`;
}

/** What is shown of a key, so that its owner can tell it from others. */
export function keyPrefix(text: string): string {
  return text.slice(0, 10);
}
