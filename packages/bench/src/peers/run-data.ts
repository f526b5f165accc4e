/** What a job of an engine carries. */
export interface RunData {
  /** Epoch ms. */
  dueAt: number;
}

/** As many jobs as PostgreSQL and Redis take well in one statement. */
const BATCH = 1_000;

/** Hands over what so many runs carry, a batch after the other. */
export async function inBatches(
  runs: number,
  dueAt: Date,
  insert: (batch: RunData[]) => Promise<unknown>,
): Promise<void> {
  const data = { dueAt: dueAt.getTime() };
  for (let left = runs; left > 0; left -= BATCH) {
    await insert(Array.from({ length: Math.min(BATCH, left) }, () => data));
  }
}
