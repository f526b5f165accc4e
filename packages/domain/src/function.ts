/** An HTTP function that an account registered (SPEC 5). */
export interface AutomationFunction {
  id: string;
  accountId: string;
  name: string;
  url: string;
  headers: Record<string, string>;
  /** Seconds per attempt, for jobs that say nothing themselves. */
  timeoutSeconds: number;
  /** Standard Webhooks signing secret, `whsec_…`. */
  secret: string;
  /** The one before the last rotation; it signs beside the new one until `previousSecretUntil`. */
  previousSecret: string | null;
  previousSecretUntil: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export const DEFAULT_TIMEOUT_SECONDS = 30;

/** The secrets that sign a request at `now`, newest first. */
export function signingSecrets(
  fn: Pick<AutomationFunction, 'secret' | 'previousSecret' | 'previousSecretUntil'>,
  now: Date,
): string[] {
  const { secret, previousSecret, previousSecretUntil } = fn;
  const overlaps = previousSecret !== null && previousSecretUntil !== null && previousSecretUntil > now;
  return overlaps ? [secret, previousSecret] : [secret];
}
