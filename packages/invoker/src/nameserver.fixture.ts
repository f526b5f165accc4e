import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import ipaddr from 'ipaddr.js';

/** Addresses of both families, no answer at all, or a failure of the nameserver. */
type Records = string[] | 'hang' | 'fail';

/** What a name has, for queries of either family or for each. */
export type Zone = Record<string, Records | { A: Records; AAAA: Records }>;

/** A nameserver on 127.0.0.1; a name that is not in its zone does not exist. */
export interface Nameserver {
  /** As `Resolver.setServers` takes it. */
  address: string;
  /** How many queries it got for a name. */
  queries(name: string): number;
  stop(): Promise<void>;
}

const [A, AAAA] = [1, 28];
const RESPONSE = 0x8180;
const [OK, SERVER_FAILURE, NO_SUCH_NAME] = [0, 2, 3];

export async function startNameserver(zone: Zone): Promise<Nameserver> {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query: Buffer, { address, port }: RemoteInfo) => {
    const question = readQuestion(query);
    asked.push(question.name);
    const entry = recordsFor(question, zone);
    const send = (rcode: number, addresses: string[] = []) =>
      socket.send(answerOf(query, question, rcode, addresses), port, address);
    if (entry === 'hang') waiting.push(() => send(SERVER_FAILURE));
    else if (entry === 'fail') send(SERVER_FAILURE);
    else if (entry === undefined) send(NO_SUCH_NAME);
    else
      send(
        OK,
        entry.filter((each) => typeOf(each) === question.type),
      );
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    queries: (name) => asked.filter((each) => each === name).length,
    // Who still waits is answered, so that no query outlives its test.
    stop: async () => {
      for (const send of waiting) send();
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}

function recordsFor({ name, type }: Question, zone: Zone): Records | undefined {
  const entry = zone[name];
  if (typeof entry !== 'object' || Array.isArray(entry)) return entry;
  return type === A ? entry.A : entry.AAAA;
}

interface Question {
  name: string;
  type: number;
  /** Where it ends in its message. */
  end: number;
}

/** The question of a query: after 12 bytes of header the labels of its name, each with its length before it (RFC 1035, 4.1). */
function readQuestion(query: Buffer): Question {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answerOf(query: Buffer, { type, end }: Question, rcode: number, addresses: string[]): Buffer {
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  [RESPONSE | rcode, 1, addresses.length].forEach((field, index) =>
    header.writeUInt16BE(field, 2 + 2 * index),
  );
  const records = addresses.map((address) => {
    const data = Buffer.from(ipaddr.parse(address).toByteArray());
    // A pointer to the question's name, then type, class and a time to live of 0.
    return Buffer.concat([Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length]), data]);
  });
  return Buffer.concat([header, query.subarray(12, end), ...records]);
}

function typeOf(address: string): number {
  return address.includes(':') ? AAAA : A;
}
