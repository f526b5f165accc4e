import { type Kysely, sql } from 'kysely';

/** The account of a key or a function may be kept by an external service, like that of a job (SPEC 5). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE api_keys DROP CONSTRAINT api_keys_account_id_fkey`.execute(db);
  await sql`ALTER TABLE functions DROP CONSTRAINT functions_account_id_fkey`.execute(db);
}
