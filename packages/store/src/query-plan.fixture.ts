import { type CompiledQuery, CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';

import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** What matters of PostgreSQL's plan of a statement. */
export interface QueryPlan {
  /** Each reading of a table, as `table by index` or `table by Seq Scan`. */
  reads: string[];
  /** The node types: `Index Scan`, `Limit`, `Sort`, ... */
  steps: string[];
  /** The unique indexes that decide an ON CONFLICT. */
  arbiters: string[];
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Conflict Arbiter Indexes'?: string[];
  Plans?: PlanNode[];
}

/**
 * Runs `work` on a database that notes the statements it is sent, and answers the plan of the last one that names
 * `table`, for the parameters that it was sent with.
 */
export async function planOf(
  pool: Pool,
  table: string,
  work: (db: Database) => Promise<unknown>,
): Promise<QueryPlan> {
  const sent: CompiledQuery[] = [];
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    log: (event) => {
      sent.push(event.query);
    },
  });
  await work(db);
  const statement = sent.findLast((query) => query.sql.includes(table));
  if (statement === undefined) throw new Error(`no statement names ${table}`);
  const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `EXPLAIN (FORMAT JSON) ${statement.sql}`,
    [...statement.parameters],
  );
  const root = rows[0]?.['QUERY PLAN'][0].Plan;
  if (root === undefined) throw new Error('no plan');
  const nodes = flatten(root);
  return {
    reads: nodes.flatMap(readOf),
    steps: nodes.map((node) => node['Node Type']),
    arbiters: nodes.flatMap((node) => node['Conflict Arbiter Indexes'] ?? []),
  };
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}

function readOf(node: PlanNode): string[] {
  const table = node['Relation Name'];
  if (table === undefined || !node['Node Type'].endsWith('Scan')) return [];
  const index = node['Index Name'] ?? node.Plans?.[0]?.['Index Name'];
  return [`${table} by ${index ?? node['Node Type']}`];
}
