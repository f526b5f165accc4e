import { Child } from './child.ts';

export type BareKind = 'node:http' | 'express';

export function isBareKind(kind: unknown): kind is BareKind {
  return kind === 'node:http' || kind === 'express';
}

/** A server that answers everything the same, with nothing behind it: the limit of what an api in Node can be. */
export class BareServer {
  readonly origin: string;
  readonly #child: Child;

  private constructor(child: Child, origin: string) {
    this.#child = child;
    this.origin = origin;
  }

  static async start(kind: BareKind, answerBytes: number): Promise<BareServer> {
    const child = new Child('bare-server-process.ts', [kind, String(answerBytes)]);
    const ready = await child.answer();
    return new BareServer(child, `http://127.0.0.1:${Number(Reflect.get(Object(ready), 'port'))}`);
  }

  get pid(): number {
    return this.#child.pid;
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}
