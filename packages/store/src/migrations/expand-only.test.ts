import { ALL_MIGRATIONS } from './all-migrations.ts';
import { contractionsIn, statementsOf } from './contractions.fixture.ts';

/**
 * The contract steps: statements that take something away from, or ask something more of, processes of an older release.
 * Each names the oldest release that works with it, which has to be out before the migration is.
 */
const CONTRACT_STEPS: Readonly<Record<string, { worksFrom: string; statements: RegExp[] }>> = {
  // No release came before 0.1.0. A worker older than this migration counts a check when it is done, and not at the end.
  '0003-checks-under-way': { worksFrom: '0.1.0', statements: [/^UPDATE automation_jobs SET check_count/] },
  // Nobody relies on these references: each account was looked up before.
  '0007-external-accounts': {
    worksFrom: '0.1.0',
    statements: [
      /^ALTER TABLE api_keys DROP CONSTRAINT api_keys_account_id_fkey$/,
      /^ALTER TABLE functions DROP CONSTRAINT functions_account_id_fkey$/,
    ],
  },
};

describe.each(Object.entries(ALL_MIGRATIONS))('the migration %s', (name, migration) => {
  test('takes nothing away from the release before, its listed contract steps aside', async () => {
    const statements = await statementsOf(migration);
    expect(statements.length).toBeGreaterThan(0);
    const steps = CONTRACT_STEPS[name]?.statements ?? [];
    const wanted: unknown[] = steps.map((step): unknown => expect.stringMatching(step));
    expect(contractionsIn(statements)).toEqual(wanted);
  });
});

test('every contract step belongs to a migration that there is, and names a release', () => {
  for (const [name, { worksFrom }] of Object.entries(CONTRACT_STEPS)) {
    expect(ALL_MIGRATIONS).toHaveProperty(name);
    expect(worksFrom).toMatch(/^\d+\.\d+\.\d+$/);
  }
});

test.each([
  'DROP TABLE jobs',
  'DROP INDEX jobs_due',
  'ALTER TABLE jobs RENAME TO tasks',
  'ALTER TABLE jobs RENAME COLUMN name TO title',
  'ALTER TABLE jobs DROP COLUMN name',
  'ALTER TABLE jobs ADD COLUMN zone text, DROP COLUMN timezone',
  'ALTER TABLE jobs ADD COLUMN zone text NOT NULL',
  'ALTER TABLE jobs ADD COLUMN zone text UNIQUE',
  'ALTER TABLE jobs ALTER COLUMN name SET NOT NULL',
  'ALTER TABLE jobs ALTER COLUMN name TYPE varchar(10)',
  'ALTER TABLE jobs ADD CONSTRAINT short CHECK (length(name) < 10)',
  'ALTER TABLE jobs ADD COLUMN zone text, ADD CONSTRAINT one CHECK (zone IS NULL OR timezone IS NULL)',
  'CREATE UNIQUE INDEX jobs_name ON jobs (name)',
  'CREATE TRIGGER no_change BEFORE UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION refuse()',
  'CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN END $$',
  'UPDATE jobs SET name = lower(name)',
  'DELETE FROM jobs',
  'TRUNCATE jobs',
  'INSERT INTO jobs SELECT * FROM tasks',
])('"%s" is a contract step', (statement) => {
  expect(contractionsIn([statement])).toEqual([statement]);
});

test.each([
  'CREATE TABLE tasks (id uuid PRIMARY KEY)',
  'CREATE INDEX jobs_due ON jobs (next_run)',
  'CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$',
  'ALTER TABLE jobs ADD COLUMN zone text',
  "ALTER TABLE jobs ADD COLUMN zone text NOT NULL DEFAULT 'UTC', ADD COLUMN other text",
  'ALTER TABLE jobs ADD COLUMN a text, ADD COLUMN b text, ADD CONSTRAINT both CHECK ((a IS NULL) = (b IS NULL))',
])('"%s" is none', (statement) => {
  expect(contractionsIn([statement])).toEqual([]);
});

test('whatever a migration does to a table that it has made itself is none', () => {
  const statements = [
    'CREATE TABLE tasks (id uuid PRIMARY KEY)',
    'CREATE UNIQUE INDEX tasks_name ON tasks (id)',
    'CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON tasks FOR EACH ROW EXECUTE FUNCTION refuse()',
    'INSERT INTO tasks SELECT id FROM jobs',
  ];
  expect(contractionsIn(statements)).toEqual([]);
});
