import { type Kysely, sql } from 'kysely';

/** A function's old secret signs beside the new one for a while, so that its owner can put the new one in place. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE functions
      ADD COLUMN previous_secret text,
      ADD COLUMN previous_secret_until timestamptz,
      ADD CONSTRAINT previous_secret_has_its_end CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL))`.execute(
    db,
  );
}
