import net, { type LookupFunction, type TcpNetConnectOpts } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { unusedPort } from './function-server.fixture.ts';
import { invocationOf, resolvingTo, resultOf, setup, setupPublic } from './invocation.fixture.ts';
import { createInvoker } from './invoker.ts';

const PUBLIC = '93.184.215.14';

const { connect } = net;

afterEach(() => Object.assign(net, { connect }));

/** Leads every connection to this machine, at the last moment before it is dialled; answers what was dialled. */
function routeToThisMachine(): string[] {
  const dialled: string[] = [];
  const reroute =
    (lookup: LookupFunction): LookupFunction =>
    (hostname, options, callback) =>
      lookup(hostname, options, (error, found) => {
        if (error !== null) return callback(error, found);
        dialled.push(...[found].flat().map((each) => (typeof each === 'string' ? each : each.address)));
        return callback(null, [{ address: '127.0.0.1', family: 4 }]);
      });
  Object.assign(net, {
    connect: ({ lookup, ...options }: TcpNetConnectOpts) =>
      connect({ ...options, ...(lookup === undefined ? {} : { lookup: reroute(lookup) }) }),
  });
  return dialled;
}

/** A DNS whose answer the test changes. */
function changingDns(first: string) {
  let answer = resolvingTo(first);
  const lookup: LookupFunction = (...query) => answer(...query);
  return { lookup, becomes: (...addresses: string[]) => (answer = resolvingTo(...addresses)) };
}

const refused = (host: string) => ({
  kind: 'rejected',
  httpStatus: null,
  error: `address of ${host} is not public`,
  output: {},
  logs: [],
});

test('a host is refused if any of its addresses is not public', async () => {
  const function_ = await setupPublic((response) => response.end(), resolvingTo(PUBLIC, '127.0.0.1'));
  const url = `http://rebound.example:${function_.server.port}/`;
  expect(await function_.invoke({ url })).toEqual(refused('rebound.example'));
  expect(function_.server.sockets).toEqual([]);
});

test('a name that turns private after it was public is refused by the address that would be dialled', async () => {
  const dialled = routeToThisMachine();
  const dns = changingDns(PUBLIC);
  const function_ = await setupPublic(
    (response) => response.setHeader('connection', 'close').end(),
    dns.lookup,
  );
  const url = `http://rebound.example:${function_.server.port}/`;
  expect(await function_.invoke({ url })).toMatchObject({ kind: 'succeeded' });
  dns.becomes('127.0.0.1');
  expect(await function_.invoke({ url })).toEqual(refused('rebound.example'));
  dns.becomes('::ffff:169.254.169.254');
  expect(await function_.invoke({ url })).toEqual(refused('rebound.example'));
  expect(dialled).toEqual([PUBLIC]);
  expect(function_.server.requests).toHaveLength(1);
});

test('a connection that is kept alive stays with the address and the name that it was judged by', async () => {
  const dialled = routeToThisMachine();
  const dns = changingDns(PUBLIC);
  const function_ = await setupPublic((response) => response.end(), dns.lookup);
  const { port } = function_.server;
  const invoke = async (host: string) => {
    const result = await function_.invoke({ url: `http://${host}:${port}/` });
    // undici gives a connection back one turn of the event loop after its answer.
    await nextTurn();
    return result;
  };
  expect(await invoke('kept.example')).toMatchObject({ kind: 'succeeded' });
  dns.becomes('10.0.0.1');
  expect(await invoke('kept.example')).toMatchObject({ kind: 'succeeded' });
  expect(await invoke('other.example')).toEqual(refused('other.example'));
  expect(await invoke('10.0.0.1')).toEqual(refused('10.0.0.1'));
  expect(dialled).toEqual([PUBLIC]);
  expect(function_.server.sockets).toHaveLength(1);
  expect(function_.server.requests.map(({ headers }) => headers.host)).toEqual([
    `kept.example:${port}`,
    `kept.example:${port}`,
  ]);
});

test('a redirect to the inside is not followed', async () => {
  const dialled = routeToThisMachine();
  const inside = `http://127.0.0.1:${await unusedPort()}/`;
  const function_ = await setupPublic(
    (response) => response.writeHead(307, { location: inside }).end(),
    resolvingTo(PUBLIC),
  );
  const url = `http://redirecting.example:${function_.server.port}/`;
  expect(await function_.invoke({ url })).toMatchObject({ kind: 'rejected', httpStatus: 307 });
  expect(dialled).toEqual([PUBLIC]);
});

test.each([
  ['127.0.0.1', 'a port that listens'],
  ['127.0.0.1', 'a port that does not'],
  ['10.255.255.1', 'a machine that may be there or not'],
  ['169.254.169.254', 'where clouds keep credentials'],
])('a refusal tells nothing of %s, %s', async (address, what) => {
  const function_ = await setupPublic((response) => response.end(), resolvingTo(address));
  const port = what === 'a port that does not' ? await unusedPort() : function_.server.port;
  const invoker = createInvoker({
    egress: { network: 'public', ports: [port], http: 'allowed' },
    lookup: resolvingTo(address),
  });
  const result = await resultOf(invoker, invocationOf(`http://inside.example:${port}/`));
  expect(result).toEqual(refused('inside.example'));
  expect(JSON.stringify(result)).not.toContain(address);
  expect(function_.server.sockets).toEqual([]);
  await invoker.close();
});

test('a literal private address is refused without a connection', async () => {
  const function_ = await setupPublic((response) => response.end(), resolvingTo(PUBLIC));
  expect(await function_.invoke()).toEqual(refused('127.0.0.1'));
  expect(function_.server.sockets).toEqual([]);
});

test.each([
  ['http://plain.example/', 'url must use https'],
  ['https://other-port.example:22/', 'url must use one of the ports 443, 8443; got 22'],
])('%s, which was registered under another policy, is refused without a look-up', async (url, error) => {
  let lookups = 0;
  const invoker = createInvoker({
    egress: { network: 'public', ports: [443, 8443], http: 'refused' },
    lookup: (...query) => {
      lookups += 1;
      resolvingTo(PUBLIC)(...query);
    },
  });
  const result = await resultOf(invoker, invocationOf(url));
  expect({ result, lookups }).toEqual({
    result: { kind: 'rejected', httpStatus: null, error, output: {}, logs: [] },
    lookups: 0,
  });
  await invoker.close();
});

test('network "private" allows a host with a private address, on any port, by http', async () => {
  const function_ = await setup((response) => response.end(), { lookup: resolvingTo('127.0.0.1') });
  const url = `http://inside.example:${function_.server.port}/`;
  expect(await function_.invoke({ url })).toMatchObject({ kind: 'succeeded' });
  expect(function_.server.requests[0]?.headers.host).toBe(`inside.example:${function_.server.port}`);
});
