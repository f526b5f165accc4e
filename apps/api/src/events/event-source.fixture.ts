/** A message of a stream of server-sent events. */
export interface Message {
  id: string;
  event: string;
  data: Record<string, unknown>;
}

/** A client of `GET /automation/events`. */
export interface EventSource {
  status: number;
  /** What it has got so far. */
  messages: Message[];
  /** With what it would go on on another connection. */
  lastEventId: string;
  /** Resolves when the stream is over: true if the server has ended it, false if it broke off. */
  ended: Promise<boolean>;
  close(): void;
}

/** Opens a stream, and reads on until it is closed. */
export async function openEvents(
  url: string,
  { key, query = '', lastEventId }: { key: string; query?: string; lastEventId?: string },
): Promise<EventSource> {
  const connection = new AbortController();
  const response = await fetch(`${url}/automation/events${query}`, {
    headers: {
      authorization: `Bearer ${key}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    signal: connection.signal,
  });
  const source: EventSource = {
    status: response.status,
    messages: [],
    lastEventId: lastEventId ?? '',
    ended: Promise.resolve(true),
    close: () => connection.abort(),
  };
  source.ended = readAll(response, source);
  return source;
}

async function readAll(response: Response, source: EventSource): Promise<boolean> {
  if (response.body === null) return true;
  let rest = '';
  try {
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const frames = (rest + text).split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) readFrame(frame, source);
    }
    return true;
  } catch {
    return false;
  }
}

function readFrame(frame: string, source: EventSource): void {
  const fields = new Map(
    frame.split('\n').map((line) => {
      const [, name = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
      return [name, value];
    }),
  );
  source.lastEventId = fields.get('id') ?? source.lastEventId;
  const text = fields.get('data');
  if (text === undefined) return;
  const data: unknown = JSON.parse(text);
  if (typeof data !== 'object' || data === null) throw new Error(`no object: ${text}`);
  source.messages.push({ id: source.lastEventId, event: fields.get('event') ?? '', data: { ...data } });
}
