/** What the PostgreSQL process is told. Its command line would show the password to everyone on the machine. */
export interface PostgresOptions {
  /** The data directory's lock, which is held while the server runs. */
  lock: string;
  /** Where the server's files are; a database is made there the first time. */
  directory: string;
  port: number;
  password: string;
}

/** What the PostgreSQL process tells its parent. */
export type PostgresMessage = { kind: 'ready' } | { kind: 'in use' } | { kind: 'failed'; error: string };

/** Whether a message from the PostgreSQL process is one of ours. */
export function isPostgresMessage(value: unknown): value is PostgresMessage {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/** Whether a message to the PostgreSQL process is one of ours. */
export function isPostgresOptions(value: unknown): value is PostgresOptions {
  return (
    typeof value === 'object' &&
    value !== null &&
    'lock' in value &&
    'directory' in value &&
    'port' in value &&
    'password' in value
  );
}
