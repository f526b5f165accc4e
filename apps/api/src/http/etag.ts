import { AppError } from '@automation/domain';

/** A job's entity tag: it changes with every change of the definition or status (SPEC 5). */
export function etag(version: number): string {
  return `"${version}"`;
}

/** Throws PRECONDITION_FAILED unless `If-Match` is absent, `*`, or lists the tag (RFC 9110 13.1.1). */
export function requireMatch(ifMatch: string | undefined, version: number): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (tags.includes(etag(version))) return;
  throw new AppError('PRECONDITION_FAILED', `If-Match is ${ifMatch}, the job's ETag is ${etag(version)}`);
}
