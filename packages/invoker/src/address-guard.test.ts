import type { LookupAddress, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { AddressRefusedError, publicLookup } from './address-guard.ts';
import { failingWith, resolvingTo } from './invocation.fixture.ts';

type Found = { error: Error | null; address: string | LookupAddress[]; family: number | undefined };

function resolve(lookup: LookupFunction, options: LookupOptions): Promise<Found> {
  const { promise, resolve: found } = Promise.withResolvers<Found>();
  publicLookup(lookup)('host.example', options, (error, address, family) =>
    found({ error, address, family }),
  );
  return promise;
}

function single(address: string): LookupFunction {
  return (_hostname, _options, callback) => callback(null, address, 4);
}

test('public addresses pass, all of them or the first as asked', async () => {
  const lookup = resolvingTo('8.8.8.8', '2606:4700::1111');
  expect(await resolve(lookup, { all: true })).toEqual({
    error: null,
    address: [
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ],
    family: undefined,
  });
  expect(await resolve(lookup, {})).toEqual({ error: null, address: '8.8.8.8', family: 4 });
});

test('every candidate is judged even if one address is asked for', async () => {
  const { error } = await resolve(resolvingTo('8.8.8.8', '10.0.0.1'), { all: false });
  expect(error).toBeInstanceOf(AddressRefusedError);
  expect(error?.message).toBe('address of host.example is not public');
});

test('a lookup that answers one address is judged too', async () => {
  expect(await resolve(single('8.8.8.8'), {})).toEqual({ error: null, address: '8.8.8.8', family: 4 });
  expect((await resolve(single('127.0.0.1'), {})).error).toBeInstanceOf(AddressRefusedError);
});

test('a name without addresses is refused', async () => {
  expect((await resolve(resolvingTo(), { all: true })).error).toBeInstanceOf(AddressRefusedError);
});

test('errors of DNS are handed on', async () => {
  expect((await resolve(failingWith('ENOTFOUND'), {})).error).toMatchObject({ code: 'ENOTFOUND' });
});
