import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The statements of a migration, as PostgreSQL would get them, on one line each. */
export async function statementsOf(migration: Migration): Promise<string[]> {
  const statements: string[] = [];
  const db = new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query }) => void statements.push(query.sql.replaceAll(/\s+/g, ' ').trim()),
  });
  await migration.up(db);
  return statements;
}

/**
 * Those of a migration's statements that processes of the release before may not survive: all but what only adds something
 * that they need not know of. Tables of the migration's own are nobody's yet.
 */
export function contractionsIn(statements: readonly string[]): string[] {
  const own = new Set(statements.flatMap((statement) => /^CREATE TABLE (\w+)/.exec(statement)?.[1] ?? []));
  return statements.filter((statement) => !isExpansion(statement, own));
}

function isExpansion(statement: string, own: ReadonlySet<string>): boolean {
  if (/^CREATE (TABLE|INDEX|FUNCTION) /.test(statement)) return true;
  const [, table = ''] = TARGET.exec(statement) ?? [];
  return own.has(table) || additionsOf(statement).some((additions) => additions.every(isOptional));
}

/** The existing table that a statement changes, or whose rows or writers it concerns. */
const TARGET =
  /^(?:ALTER TABLE|INSERT INTO|UPDATE|CREATE UNIQUE INDEX \w+ ON|CREATE TRIGGER \w+ [A-Z ]+ ON) (\w+)/;

/** What an ALTER TABLE does, if it adds columns and their checks and nothing else; what it adds together is one list. */
function additionsOf(statement: string): string[][] {
  const [, actions] = /^ALTER TABLE \w+ (ADD .*)$/.exec(statement) ?? [];
  if (actions === undefined) return [];
  const parts = actions.split(/, (?=ADD |DROP |ALTER |RENAME )/);
  const columns = parts.flatMap((part) => /^ADD COLUMN (\w+)/.exec(part)?.[1] ?? []);
  // A check of nothing but new columns is met by whoever does not know them.
  return [parts.filter((part) => !isCheckOf(part, columns))];
}

function isCheckOf(part: string, columns: readonly string[]): boolean {
  const [, condition] = /^ADD CONSTRAINT \w+ CHECK (.*)$/.exec(part) ?? [];
  const names = condition?.match(/\b[a-z_][a-z_0-9]*\b/g);
  return names?.every((name) => columns.includes(name)) ?? false;
}

/** A column that an INSERT may leave out. */
function isOptional(action: string): boolean {
  const isColumn =
    action.startsWith('ADD COLUMN ') && !/ (UNIQUE|PRIMARY KEY|REFERENCES|CHECK)\b/.test(action);
  return isColumn && (!action.includes(' NOT NULL') || action.includes(' DEFAULT '));
}
