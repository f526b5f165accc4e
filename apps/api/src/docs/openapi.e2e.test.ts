import { Validator } from '@seriousme/openapi-schema-validator';

import { startTestApi, type TestApi } from '../api.fixture.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});

afterAll(() => api.stop());

test('the document is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate({ ...api.document.json });
  expect(result.errors).toBeUndefined();
  expect(api.document.json).toMatchObject({ openapi: '3.1.0' });
});

test('every route of SPEC 5 that is built is in it', () => {
  const routes = api.document.operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(routes.toSorted()).toEqual(
    [
      'GET /admin/overview',
      'GET /identity',
      'GET /automation/jobs',
      'POST /automation/executions/{id}/cancel',
      'POST /automation/executions/{id}/complete',
      'POST /automation/jobs',
      'GET /automation/jobs/{id}',
      'PATCH /automation/jobs/{id}',
      'DELETE /automation/jobs/{id}',
      'POST /automation/jobs/{id}/run',
      'GET /automation/jobs/{id}/executions',
      'GET /automation/jobs/{id}/upcoming',
      'GET /automation/jobs/{id}/audit',
      'GET /automation/audit',
      'GET /automation/audit-log',
      'GET /automation/events',
      'GET /automation/events/settings',
      'PUT /automation/events/settings',
      'GET /automation/event-endpoints',
      'POST /automation/event-endpoints',
      'GET /automation/event-endpoints/{id}',
      'PATCH /automation/event-endpoints/{id}',
      'DELETE /automation/event-endpoints/{id}',
      'POST /automation/event-endpoints/{id}/rotate-secret',
      'GET /automation/executions/{id}',
      'GET /automation/recent-executions',
      'GET /automation/function-health',
      'POST /automation/schedules/preview',
      'GET /functions',
      'POST /functions',
      'GET /functions/{id}',
      'PATCH /functions/{id}',
      'DELETE /functions/{id}',
      'POST /functions/{id}/rotate-secret',
      'POST /functions/{id}/test',
      'GET /accounts',
      'POST /accounts',
      'GET /accounts/{id}',
      'GET /accounts/{id}/api-keys',
      'POST /accounts/{id}/api-keys',
      'DELETE /accounts/{id}/api-keys/{key_id}',
      'GET /manifest',
      'GET /openapi.json',
      'GET /healthz',
      'GET /readyz',
    ].toSorted(),
  );
});

test('every operation says in words what its security asks for', () => {
  for (const { path, security, description } of api.document.operations) {
    const says = /scope `(read|write|admin)`|completion token/.test(description ?? '');
    expect({ path, says }).toEqual({ path, says: security.length > 0 });
  }
});

test('what has a name is written once and referred to', () => {
  expect(api.document.json).toMatchObject({
    paths: {
      '/automation/jobs': {
        get: {
          responses: {
            200: {
              content: {
                'application/json': {
                  schema: { type: 'array', items: { $ref: '#/components/schemas/Job' } },
                },
              },
            },
          },
        },
      },
    },
  });
});
