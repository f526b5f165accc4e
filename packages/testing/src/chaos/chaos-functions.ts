import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

import { PHASES, type Phase } from '@automation/domain';

import type { ChaosApi } from './chaos-api.ts';
import type { Call, Completion } from './evidence.ts';
import { react, reactCalmly, type Reaction, type Reply } from './function-behaviour.ts';
import type { Random } from './random.ts';
import { SocketOwners } from './socket-owners.ts';

const COMPLETION_TRIES_MS = 15_000;

export interface ChaosFunctionsOptions {
  random: Random;
  /** Through it accepted attempts are completed. */
  api: Pick<ChaosApi, 'complete'>;
  /** The processes that may send requests, as of now. */
  senders: () => number[];
}

/** The functions of the run, in the runner's process: they log every request and answer as the seed says. */
export class ChaosFunctions {
  readonly calls: Call[] = [];
  /** From now on everything is answered at once, and well. */
  isCalm = false;
  readonly #options: ChaosFunctionsOptions;
  readonly #owners: SocketOwners;
  readonly #ownerOfSocket = new WeakMap<Socket, Promise<number | null>>();
  readonly #repeats = new Map<string, number>();
  readonly #server: Server;
  #port = 0;
  #underWay = 0;

  constructor(options: ChaosFunctionsOptions) {
    this.#options = options;
    this.#owners = new SocketOwners(options.senders);
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      void this.#serve(request, response);
    });
    this.#server.on('connection', (socket) => this.#ownerOfSocket.set(socket, this.#ownerOf(socket)));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP address');
    this.#port = address.port;
  }

  url(name: string): string {
    return `http://127.0.0.1:${this.#port}/${name}`;
  }

  /** Requests that are not answered yet. */
  get underWay(): number {
    return this.#underWay;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = callOf(request);
    this.calls.push(call);
    this.#underWay += 1;
    response.once('close', () => {
      call.endedAt ??= Date.now();
      this.#underWay -= 1;
    });
    void this.#noteSender(call, request.socket);
    // A request that breaks off is in the log all the same.
    await buffer(request).catch(() => undefined);
    await this.#carryOut(this.#reactionTo(call), call, { request, response });
  }

  /** The same for the same attempt of the same occurrence, whenever it comes; another one if the attempt is repeated. */
  #reactionTo(call: Call): Reaction {
    if (this.isCalm) return reactCalmly(call.phase);
    const what = `${call.job}/${call.scheduledFor}/${call.phase}/${call.attempt}`;
    const repeat = this.#repeats.get(what) ?? 0;
    this.#repeats.set(what, repeat + 1);
    return react(call.phase, this.#options.random.stream(`${what}/${repeat}`));
  }

  async #carryOut(
    reaction: Reaction,
    call: Call,
    { request, response }: { request: IncomingMessage; response: ServerResponse },
  ): Promise<void> {
    switch (reaction.kind) {
      case 'hang':
        return;
      case 'reset':
        await delay(reaction.delayMs);
        request.socket.destroy();
        return;
      case 'answer':
        await delay(reaction.delayMs);
        send(call, response, reaction.reply);
        return;
      case 'accept': {
        const body = JSON.stringify({ async: true, timeout_seconds: reaction.withinSeconds });
        send(call, response, { status: 202, body, means: 'accepted' });
        call.acceptedUntil = call.at + reaction.withinSeconds * 1_000;
        const token = String(request.headers['x-automation-completion-token']);
        if (reaction.later !== null) await this.#complete(call, token, reaction.later);
      }
    }
  }

  /** Tries until the api has answered, as a function would that wants to be heard. */
  async #complete(
    call: Call,
    token: string,
    { delayMs, envelope, means }: { delayMs: number; envelope: object; means: Completion['means'] },
  ): Promise<void> {
    await delay(delayMs);
    const deadline = Date.now() + COMPLETION_TRIES_MS;
    while (Date.now() < deadline) {
      const completion: Completion = { at: Date.now(), means, status: null };
      call.completions.push(completion);
      completion.status = await this.#options.api.complete(call.execution, token, envelope);
      if (completion.status !== null && completion.status < 500) return;
      await delay(250);
    }
  }

  async #noteSender(call: Call, socket: Socket): Promise<void> {
    call.sender = (await this.#ownerOfSocket.get(socket)) ?? null;
  }

  async #ownerOf(socket: Socket): Promise<number | null> {
    const { remotePort, localPort } = socket;
    if (remotePort === undefined || localPort === undefined) return null;
    return this.#owners.find({ from: remotePort, to: localPort });
  }
}

function callOf({ headers }: IncomingMessage): Call {
  const header = (name: string) => String(headers[name] ?? '');
  return {
    at: Date.now(),
    job: header('x-automation-job'),
    execution: header('x-automation-execution'),
    phase: phaseOf(header('x-automation-phase')),
    attempt: Number(header('x-automation-attempt')),
    key: header('idempotency-key'),
    scheduledFor: header('x-automation-scheduled-for'),
    sender: null,
    answer: null,
    endedAt: null,
    acceptedUntil: null,
    completions: [],
  };
}

function phaseOf(text: string): Phase {
  const phase = PHASES.find((each) => each === text);
  if (phase === undefined) throw new Error(`a request of phase "${text}"`);
  return phase;
}

function send(call: Call, response: ServerResponse, { status, headers = {}, body, means }: Reply): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...(body === '' ? {} : { 'content-type': 'application/json' }), ...headers });
  call.answer = { status, means };
  call.endedAt = Date.now();
  response.end(body);
}
