import { Client } from 'pg';

/** A database of its own for a peer. One that is left of an earlier benchmark is dropped. */
export async function createPeerDatabase(serverUrl: string, name: string): Promise<string> {
  await dropPeerDatabase(serverUrl, name);
  await onServer(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Drops it whoever is connected. */
export async function dropPeerDatabase(serverUrl: string, name: string): Promise<void> {
  await onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
