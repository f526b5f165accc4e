/**
 * The outcome of `work`, or a rejection once `deadlineMs` milliseconds have passed. Late work is not stopped; its outcome,
 * a rejection included, is dropped.
 *
 * @throws Error `took longer than 1000 ms`, or what `work` throws
 */
export async function withDeadline<T>(deadlineMs: number, work: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`took longer than ${deadlineMs} ms`)), deadlineMs);
  try {
    return await Promise.race([work(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
