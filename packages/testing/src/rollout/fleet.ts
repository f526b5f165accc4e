import { setTimeout as delay } from 'node:timers/promises';

import type { Incident, Life } from '../chaos/evidence.ts';
import { logsOf, type Member, type Slot, startMember } from '../chaos/member.ts';
import { type AppName, createProcessHarness, type ProcessHarness } from '../process-harness.ts';
import { waitUntil } from '../wait-until.ts';
import type { Balancer } from './balancer.ts';
import type { Release } from './release.ts';

const UP_TIMEOUT_MS = 60_000;
const EXIT_TIMEOUT_MS = 60_000;

export interface FleetOptions {
  slots: readonly Slot[];
  /** In front of the apis. */
  balancer: Pick<Balancer, 'add' | 'remove' | 'isReady'>;
  /** Told of what goes on. */
  say: (what: string) => void;
}

/** The replicas of the service, which are replaced and not disturbed. */
export class Fleet {
  readonly incidents: Incident[] = [];
  readonly #options: FleetOptions;
  /** Those that serve, by slot. */
  readonly #members = new Map<string, Member>();
  /** All that ever ran. */
  readonly #all: Member[] = [];
  readonly #harnesses: ProcessHarness[] = [];

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  get lives(): Life[] {
    return this.#all.map(({ life }) => life);
  }

  logs(): { name: string; text: string }[] {
    return logsOf(this.#all);
  }

  /** Starts a replica of a release in each slot; resolves when all are ready. */
  async start(release: Release): Promise<void> {
    const harness = this.#harnessOf(release);
    await Promise.all(this.#options.slots.map((slot) => this.#startReady(harness, slot)));
  }

  /**
   * Puts a release in place of what runs, as Kubernetes does it for the Deployments of api, scheduler and worker: of each one
   * replica after the other, and the old one is told to end when the new one is ready.
   */
  async replaceAll(release: Release): Promise<void> {
    const harness = this.#harnessOf(release);
    const deployments = Map.groupBy(this.#options.slots, ({ app }) => app);
    await Promise.all([...deployments].map(([app, slots]) => this.#replace(harness, app, slots)));
  }

  /** Ends all with SIGTERM, and with SIGKILL what is left. */
  async stop(): Promise<void> {
    for (const { life, process } of this.#all) {
      if (life.endedAt === null) life.endedBy ??= 'terminate';
      process.signal('SIGTERM');
    }
    const ends = Promise.all(this.#all.map(({ ended }) => ended));
    await Promise.race([ends, delay(EXIT_TIMEOUT_MS, undefined, { ref: false })]);
    await Promise.all(this.#harnesses.map((harness) => harness.killAll()));
    await ends;
  }

  async #replace(harness: ProcessHarness, app: AppName, slots: readonly Slot[]): Promise<void> {
    for (const slot of slots) {
      const old = this.#members.get(slot.name);
      await this.#startReady(harness, slot);
      if (old !== undefined) await this.#terminate(old);
    }
    this.#options.say(`every ${app} is replaced`);
  }

  async #startReady(harness: ProcessHarness, slot: Slot): Promise<void> {
    const member = startMember(harness, slot);
    this.#all.push(member);
    await member.process.untilLine(`${slot.app} started`, UP_TIMEOUT_MS);
    if (slot.app === 'api') await this.#putBehindBalancer(member);
    this.#members.set(slot.name, member);
  }

  async #putBehindBalancer(member: Member): Promise<void> {
    const { balancer } = this.#options;
    const port = portOf(member);
    balancer.add(port);
    const what = `${member.slot.name} to be ready`;
    await waitUntil(() => balancer.isReady(port), { what, timeoutMs: UP_TIMEOUT_MS });
  }

  async #terminate(member: Member): Promise<void> {
    const { life, process, slot, ended } = member;
    const at = Date.now();
    const what = `SIGTERM ${life.name}`;
    const incident: Incident = { kind: 'terminate', at, until: Infinity, pid: life.pid, what };
    this.incidents.push(incident);
    life.endedBy ??= 'terminate';
    process.signal('SIGTERM');
    // One that does not end is killed; that its end was not clean is then in its life.
    await process.untilExit(EXIT_TIMEOUT_MS).catch(() => process.signal('SIGKILL'));
    await ended;
    incident.until = Date.now();
    if (slot.app === 'api') this.#options.balancer.remove(portOf(member));
    this.#options.say(
      `${life.name} (${life.pid}) ended with ${life.code ?? life.signal} after ${incident.until - at} ms`,
    );
  }

  #harnessOf({ mainOf }: Release): ProcessHarness {
    const harness = createProcessHarness(mainOf);
    this.#harnesses.push(harness);
    return harness;
  }
}

/** Where an api that has started listens. */
function portOf({ process }: Member): number {
  return Number(process.lines.find(({ event }) => 'port' in event)?.event['port']);
}
