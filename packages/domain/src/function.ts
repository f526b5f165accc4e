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
  createdAt: Date;
  updatedAt: Date;
}

export const DEFAULT_TIMEOUT_SECONDS = 30;
