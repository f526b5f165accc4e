import { once } from 'node:events';

/** Asks a process that runs with `--inspect` what its heap holds. */
export interface HeapProbe {
  /** Bytes that are left after a garbage collection. */
  usedBytes(): Promise<number>;
  close(): void;
}

/** `address` is what the process says that its debugger listens on. */
export async function openHeapProbe(address: string): Promise<HeapProbe> {
  const socket = new WebSocket(address);
  await once(socket, 'open');
  let serial = 0;
  const ask = async (method: string): Promise<unknown> => {
    const id = (serial += 1);
    socket.send(JSON.stringify({ id, method }));
    for (;;) {
      const [event]: unknown[] = await once(socket, 'message');
      const message = event instanceof MessageEvent ? parse(String(event.data)) : {};
      if (message['id'] === id) return message['result'];
    }
  };
  return {
    usedBytes: async () => {
      await ask('HeapProfiler.collectGarbage');
      return Number(Reflect.get(Object(await ask('Runtime.getHeapUsage')), 'usedSize'));
    },
    close: () => socket.close(),
  };
}

function parse(json: string): Record<string, unknown> {
  const message: unknown = JSON.parse(json);
  return typeof message === 'object' ? { ...message } : {};
}
