import { readFile } from 'node:fs/promises';

const ROLES = new URL('../../../infra/postgres/roles.sql', import.meta.url);
const PASSWORD = 'password-of-the-tests';

/** The services that have a role of their own in the database. */
export const SERVICES = ['api', 'scheduler', 'worker'] as const;
export type Service = (typeof SERVICES)[number];
export type RoleName = Service | 'owner';

const NAMES = ['owner', ...SERVICES].map((role) => `automation_${role}`);

/** Runs statements in a database as a superuser. */
export interface SuperuserSession {
  query(statements: string): Promise<unknown>;
}

/** Sets the roles up as an operator does, and gives them passwords. */
export async function setUpRoles(session: SuperuserSession): Promise<void> {
  await session.query(await readFile(ROLES, 'utf8'));
  for (const name of NAMES) await session.query(`ALTER ROLE ${name} PASSWORD '${PASSWORD}'`);
}

/** Roles belong to the server, which other tests use too. */
export async function dropRoles(session: SuperuserSession): Promise<void> {
  const names = NAMES.join(', ');
  await session.query(`REASSIGN OWNED BY ${names} TO CURRENT_USER`);
  await session.query(`DROP OWNED BY ${names}`);
  await session.query(`DROP ROLE ${names}`);
}

/** The address of a database for a role. */
export function urlAs(role: RoleName, databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.username = `automation_${role}`;
  url.password = PASSWORD;
  return url.href;
}
