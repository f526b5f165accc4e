import { startTestApi, type TestApi } from '../api.fixture.ts';
import { startTestIssuer, type TestIssuer } from './test-issuer.fixture.ts';

let issuer: TestIssuer;
let api: TestApi;

beforeAll(async () => {
  issuer = await startTestIssuer();
  api = await startTestApi(issuer.settings);
  await api.admin.post('/accounts', { id: 'acme', name: 'Acme' });
});

afterAll(async () => {
  await api.stop();
  await issuer.close();
});

async function newKey(scopes: string[]) {
  const { body } = await api.admin.post('/accounts/acme/api-keys', { name: 'k', scopes });
  return { id: body['id'], client: api.client(String(body['key'])) };
}

test("an API key is told whose it is, by the account's name as well", async () => {
  const { id, client } = await newKey(['read']);
  expect((await client.get('/identity')).body).toEqual({
    account_id: 'acme',
    account_name: 'Acme',
    scopes: ['read'],
    actor: { kind: 'api_key', id },
  });
});

test('scopes that others include are told as well (SPEC 5)', async () => {
  const { client } = await newKey(['admin']);
  expect((await client.get('/identity')).body['scopes']).toEqual(['read', 'write', 'admin']);
});

test('a JWT is told its subject', async () => {
  const token = await issuer.sign({ account_id: 'acme', scope: 'write', sub: 'jane' });
  expect((await api.client(token).get('/identity')).body).toEqual({
    account_id: 'acme',
    account_name: 'Acme',
    scopes: ['read', 'write'],
    actor: { kind: 'jwt', id: 'jane' },
  });
});
