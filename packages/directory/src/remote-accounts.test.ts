import { type FunctionServer, recordingLogger, startFunctionServer } from '@automation/testing';

import { RemoteAccounts } from './remote-accounts.ts';

let server: FunctionServer;
let accounts: RemoteAccounts;

beforeAll(async () => {
  server = await startFunctionServer();
  accounts = new RemoteAccounts({ url: server.url(''), token: undefined, logger: recordingLogger() });
});

afterAll(async () => {
  await accounts.close();
  await server.close();
});

test('an account is asked for by its id (the contract of ACCOUNTS_URL)', async () => {
  server.script('/accounts/acme%3A1', () => ({ body: { id: 'acme:1', name: 'Acme' } }));
  expect(await accounts.find('acme:1')).toEqual({ id: 'acme:1', name: 'Acme' });
  const [call] = server.calls('/accounts/acme%3A1');
  expect(call?.headers).not.toHaveProperty('authorization');
  expect(call?.headers).not.toHaveProperty('x-automation-account');
});

test('404 is an account that does not exist', async () => {
  expect(await accounts.find('nobody')).toBeUndefined();
});

test('another account counts as being down', async () => {
  server.script('/accounts/mine', () => ({ body: { id: 'yours', name: 'Yours' } }));
  await expect(accounts.find('mine')).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: 'the accounts service is not available, try again',
  });
});
