import type { LookupAddress } from 'node:dns';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { askNameservers } from './nameservers.ts';
import { type Nameserver, startNameserver, type Zone } from './nameserver.fixture.ts';
import { invocationOf, resultOf } from './invocation.fixture.ts';
import { createInvoker } from './invoker.ts';

const started: Nameserver[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function start(zone: Zone): Promise<Nameserver> {
  const nameserver = await startNameserver(zone);
  started.push(nameserver);
  return nameserver;
}

function lookUp({ address }: Nameserver, hostname: string): Promise<string | LookupAddress[]> {
  return new Promise((resolve, reject) => {
    askNameservers([address])(hostname, {}, (error, found) =>
      error === null ? resolve(found) : reject(error),
    );
  });
}

test.each([
  ['both families', ['93.184.215.14', '2606:4700::1111']],
  ['IPv4 alone', ['93.184.215.14', '93.184.215.15']],
  ['IPv6 alone', ['2606:4700::1111']],
])('a name with addresses of %s has them all', async (_which, addresses) => {
  const nameserver = await start({ 'host.example': addresses });
  const families = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  expect(await lookUp(nameserver, 'host.example')).toEqual(families);
});

test.each<[string, Zone, string]>([
  ['that does not exist', {}, 'ENOTFOUND'],
  ['without an address', { 'host.example': [] }, 'ENOTFOUND'],
  ['whose nameserver fails', { 'host.example': 'fail' }, 'EAI_AGAIN'],
])('a name %s is an error', async (_what, zone, code) => {
  await expect(lookUp(await start(zone), 'host.example')).rejects.toMatchObject({ code });
});

test('a nameserver that drops queries for IPv6 delays nothing', async () => {
  const nameserver = await start({ 'host.example': { A: ['93.184.215.14'], AAAA: 'hang' } });
  expect(await lookUp(nameserver, 'host.example')).toEqual([{ address: '93.184.215.14', family: 4 }]);
  // The second try, which comes after two seconds, was not made.
  expect(nameserver.queries('host.example')).toBe(2);
});

test('IPv6 alone waits for IPv4, which may be all that this machine can reach', async () => {
  const zone: Zone = { 'host.example': { A: 'hang', AAAA: ['2606:4700::1111'] } };
  const nameserver = await start(zone);
  const found = lookUp(nameserver, 'host.example');
  while (nameserver.queries('host.example') < 2) await nextTurn();
  zone['host.example'] = ['93.184.215.14'];
  expect(await found).toEqual([
    { address: '93.184.215.14', family: 4 },
    { address: '2606:4700::1111', family: 6 },
  ]);
});

test('an address that is dialled without waiting for IPv6 is judged as any other', async () => {
  const nameserver = await start({ 'rebound.example': { A: ['127.0.0.1'], AAAA: 'hang' } });
  const invoker = createInvoker({
    egress: { network: 'public', ports: [443], http: 'refused' },
    lookup: askNameservers([nameserver.address]),
  });
  expect(await resultOf(invoker, invocationOf('https://rebound.example/'))).toMatchObject({
    kind: 'rejected',
    error: 'address of rebound.example is not public',
  });
  await invoker.close();
});

test('the names of this machine are not asked for in /etc/hosts', async () => {
  const nameserver = await start({});
  await expect(lookUp(nameserver, 'localhost.')).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

test('nameservers that never answer hold up nobody else', async () => {
  const nameserver = await start({ 'tarpit.example': 'hang', 'host.example': ['93.184.215.14'] });
  const stuck = Array.from({ length: 20 }, () =>
    lookUp(nameserver, 'tarpit.example').catch(() => 'given up'),
  );
  expect(await lookUp(nameserver, 'host.example')).toEqual([{ address: '93.184.215.14', family: 4 }]);
  await nameserver.stop();
  started.length = 0;
  expect(new Set(await Promise.all(stuck))).toEqual(new Set(['given up']));
});

test('a nameserver whose second answer is private gains nothing: the attempt is refused (DNS rebinding)', async () => {
  const zone: Zone = { 'rebound.example': ['93.184.215.14'] };
  const nameserver = await start(zone);
  const invoker = createInvoker({
    egress: { network: 'public', ports: [443], http: 'refused' },
    lookup: askNameservers([nameserver.address]),
  });
  expect(await lookUp(nameserver, 'rebound.example')).toEqual([{ address: '93.184.215.14', family: 4 }]);
  zone['rebound.example'] = ['127.0.0.1'];
  expect(await resultOf(invoker, invocationOf('https://rebound.example/'))).toMatchObject({
    kind: 'rejected',
    error: 'address of rebound.example is not public',
  });
  await invoker.close();
});
