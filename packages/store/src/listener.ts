import { setTimeout as delay } from 'node:timers/promises';

import { Client, type ClientConfig, escapeIdentifier } from 'pg';

export interface Subscription {
  close(): Promise<void>;
}

/** One session that LISTENs. A notification is only ever a hint: whoever waits for one polls as well. */
export interface Listener {
  /**
   * Calls `onNotification` with each payload on the channel, and `onReconnect` after each time that the session had to
   * be opened anew, since notifications may have been missed. Rejects if the first connection fails.
   */
  listen(
    channel: string,
    onNotification: (payload: string) => void,
    onReconnect: () => void,
  ): Promise<Subscription>;
  close(): Promise<void>;
}

interface Channel {
  onNotification: (payload: string) => void;
  onReconnect: () => void;
}

/** Together with the time-out it is how long a half-open session may go unnoticed. */
const HEARTBEAT_MS = 1_000;
const HEARTBEAT_TIMEOUT_MS = 2_000;
const FIRST_RECONNECT_MS = 100;
/** With the time-out of connecting it is how long after an outage nothing may be heard. */
const LONGEST_RECONNECT_MS = 1_000;

/** A listener on a session of its own; it connects with the first subscription. */
export function createListener(options: {
  connection: ClientConfig;
  onError: (error: Error) => void;
}): Listener {
  return new SessionListener(options.connection, options.onError);
}

class SessionListener implements Listener {
  readonly #connection: ClientConfig;
  readonly #onError: (error: Error) => void;
  readonly #channels = new Map<string, Set<Channel>>();
  readonly #closing = new AbortController();
  #client: Promise<Client> | null = null;
  #heartbeat: NodeJS.Timeout | null = null;
  /** The statement under way: a session takes one at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(connection: ClientConfig, onError: (error: Error) => void) {
    this.#connection = connection;
    this.#onError = onError;
  }

  async listen(channel: string, onNotification: (payload: string) => void, onReconnect: () => void) {
    const subscriber = { onNotification, onReconnect };
    const subscribers = this.#channels.get(channel) ?? new Set();
    this.#channels.set(channel, subscribers.add(subscriber));
    const close = async () => {
      subscribers.delete(subscriber);
    };
    try {
      this.#client ??= this.#connectFirst();
      await this.#query(await this.#client, listenTo(channel));
      return { close };
    } catch (error) {
      await close();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    const client = await this.#client?.catch(() => null);
    this.#client = null;
    client?.removeAllListeners('end');
    await client?.end();
  }

  async #connectFirst(): Promise<Client> {
    try {
      return await this.#connect();
    } catch (error) {
      // Whoever listens next tries again. Once a session has been there, reconnecting is the only one that does.
      this.#client = null;
      throw error;
    }
  }

  async #connect(): Promise<Client> {
    const client = new Client({ ...this.#connection, query_timeout: HEARTBEAT_TIMEOUT_MS });
    client.on('notification', ({ channel, payload }) => {
      for (const subscriber of this.#channels.get(channel) ?? []) subscriber.onNotification(payload ?? '');
    });
    client.on('error', (error) => {
      if (!this.#closing.signal.aborted) this.#onError(error);
    });
    try {
      await client.connect();
      for (const channel of this.#channels.keys()) await this.#query(client, listenTo(channel));
      this.#closing.signal.throwIfAborted();
    } catch (error) {
      client.connection.stream.destroy();
      throw error;
    }
    client.once('end', () => void this.#reconnect());
    // A half-open connection delivers nothing and reports nothing: only a query that times out shows it.
    this.#heartbeat = setInterval(() => void this.#beat(client), HEARTBEAT_MS);
    return client;
  }

  async #query(client: Client, text: string): Promise<void> {
    const turn = this.#turn.then(() => client.query(text));
    // A failure is its own caller's; the next statement only waits for it.
    this.#turn = turn.catch(() => undefined);
    await turn;
  }

  async #beat(client: Client): Promise<void> {
    try {
      await this.#query(client, 'SELECT 1');
    } catch (error) {
      // Closing cuts it off.
      if (this.#closing.signal.aborted) return;
      this.#onError(asError(error));
      // `end` may wait for the broken peer, so the socket is cut; its 'end' event starts the reconnect.
      client.connection.stream.destroy();
    }
  }

  async #reconnect(): Promise<void> {
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    for (
      let wait = FIRST_RECONNECT_MS;
      !this.#closing.signal.aborted;
      wait = Math.min(wait * 2, LONGEST_RECONNECT_MS)
    ) {
      try {
        await delay(wait, undefined, { signal: this.#closing.signal });
        this.#client = this.#connect();
        await this.#client;
        for (const subscribers of this.#channels.values()) for (const each of subscribers) each.onReconnect();
        return;
      } catch (error) {
        if (!this.#closing.signal.aborted) this.#onError(asError(error));
      }
    }
  }
}

function listenTo(channel: string): string {
  return `LISTEN ${escapeIdentifier(channel)}`;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
