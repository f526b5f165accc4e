/** What the PostgreSQL process is told when it is started. */
export interface PostgresOptions {
  directory: string;
  port: number;
  password: string;
  /** Whether the directory holds a database already. */
  initialised: boolean;
}

/** What the PostgreSQL process tells its parent. */
export type PostgresMessage = { kind: 'ready' } | { kind: 'failed'; error: string };

/** Reads the options off the command line. Throws if they are not what `embedded-postgres.ts` passes. */
export function parsePostgresOptions(text: string | undefined): PostgresOptions {
  const value: unknown = JSON.parse(text ?? 'null');
  if (!isPostgresOptions(value)) throw new Error('this process is started by `npm start`');
  return value;
}

/** Whether a message from the PostgreSQL process is one of ours. */
export function isPostgresMessage(value: unknown): value is PostgresMessage {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

function isPostgresOptions(value: unknown): value is PostgresOptions {
  return (
    typeof value === 'object' &&
    value !== null &&
    'directory' in value &&
    'port' in value &&
    'password' in value
  );
}
