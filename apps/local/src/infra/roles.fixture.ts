import { readFile } from 'node:fs/promises';

import type { Store } from '@automation/store';

const ROLES = new URL('../../../../infra/postgres/roles.sql', import.meta.url);
const PASSWORD = 'password-of-the-tests';

export const SERVICES = ['api', 'scheduler', 'worker'] as const;
export type Service = (typeof SERVICES)[number];
export type RoleName = Service | 'owner';

const NAMES = ['owner', ...SERVICES].map((role) => `automation_${role}`);

/** Sets the roles up as an operator does, and gives them passwords. `store` is a superuser's. */
export async function setUpRoles({ pool }: Store): Promise<void> {
  await pool.query(await readFile(ROLES, 'utf8'));
  for (const name of NAMES) await pool.query(`ALTER ROLE ${name} PASSWORD '${PASSWORD}'`);
}

/** Roles belong to the server, which other tests use too. */
export async function dropRoles({ pool }: Store): Promise<void> {
  const names = NAMES.join(', ');
  await pool.query(`REASSIGN OWNED BY ${names} TO CURRENT_USER`);
  await pool.query(`DROP OWNED BY ${names}`);
  await pool.query(`DROP ROLE ${names}`);
}

/** The address of a database for a role. */
export function urlAs(role: RoleName, databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.username = `automation_${role}`;
  url.password = PASSWORD;
  return url.href;
}
