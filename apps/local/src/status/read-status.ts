import { type OverviewJson, overviewSchema } from '@automation/api';
import Joi from 'joi';

const TIMEOUT_MS = 10_000;

/** Asks the api for its overview. Throws an error that says why it can't be had. */
export async function readStatus({ url, key }: { url: string; key: string }): Promise<OverviewJson> {
  const response = await fetch(`${url}/admin/overview`, {
    headers: { authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`it answered ${response.status}: ${text}`);
  return Joi.attempt(JSON.parse(text), overviewSchema);
}
