import { unique } from '@automation/testing';

import { createJob, startTestApi, statusesOf, type Tenant, type TestApi } from '../api.fixture.ts';
import { refusalOf } from '../http/refusal.fixture.ts';

let api: TestApi;
let tenant: Tenant;
let functionId: string;

beforeAll(async () => {
  api = await startTestApi();
  tenant = await api.newTenant();
  const fn = await tenant.post('/functions', { name: 'fn', url: 'http://127.0.0.1:9/' });
  functionId = String(fn.body['id']);
});

afterAll(() => api.stop());

/** Creates a job that is valid but for these fields. */
function create(fields: object) {
  const valid = { function_id: functionId, name: unique('job'), schedule: '@hourly' };
  return tenant.post('/automation/jobs', { ...valid, ...fields });
}

const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });
/** An object of that many bytes as JSON. */
const sized = (bytes: number) => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) });

const required = (...fields: string[]) => fields.map((field) => ({ field, message: `required: ${field}` }));

describe('missing fields (the seed)', () => {
  test.each<[string, object, { field: string; message: string }[]]>([
    ['all', {}, required('function_id', 'name', 'schedule')],
    ['an empty account_id', { account_id: '' }, required('account_id', 'function_id', 'name', 'schedule')],
    ['all but the function', { function_id: 'f' }, required('name', 'schedule')],
    ['the schedule', { function_id: 'f', name: 'n' }, required('schedule')],
    [
      'blank ones',
      { function_id: '', name: ' \n', schedule: ' ' },
      required('function_id', 'name', 'schedule'),
    ],
  ])('%s: the message is the first of account, function, name, schedule', async (_, body, details) => {
    const answer = await tenant.post('/automation/jobs', body);
    expect(answer).toMatchObject({ status: 400, body: { message: details[0]?.message, details } });
  });

  test('a missing field comes first, and every other problem is in details (SPEC 5)', async () => {
    const { body } = await tenant.post('/automation/jobs', {
      function_id: 7,
      name: 'n',
      max_runs: -1,
      colour: 'red',
    });
    expect(body).toMatchObject({
      message: 'required: schedule',
      details: [
        { field: 'function_id', message: 'function_id must be a string, got 7' },
        { field: 'schedule', message: 'required: schedule' },
        { field: 'max_runs', message: 'max_runs must be greater than or equal to 0, got -1' },
        { field: 'colour', message: 'unknown field: colour' },
      ],
    });
  });
});

describe('fields', () => {
  const cut = `, got "${'x'.repeat(99)}…`;

  test.each<[string, unknown, string]>([
    ['function_id', null, 'must be a string, got null'],
    ['function_id', 'x'.repeat(129), `length must be less than or equal to 128 characters long${cut}`],
    ['function_id', 'a\nb', 'must be Unicode text without control characters, got "a\\nb"'],
    ['name', 7, 'must be a string, got 7'],
    ['name', {}, 'must be a string, got an object'],
    ['name', 'x'.repeat(201), `length must be less than or equal to 200 characters long${cut}`],
    ['name', 'a\tb', 'must be Unicode text without control characters, got "a\\tb"'],
    ['name', 'a\0b', 'must be Unicode text without control characters, got "a\\u0000b"'],
    ['name', 'a\u0085b', 'must be Unicode text without control characters, got "a\u0085b"'],
    ['name', '\ud800', 'must be Unicode text without control characters, got "\\ud800"'],
    ['schedule', 5, 'must be a string, got 5'],
    ['description', 'x'.repeat(4_097), `length must be less than or equal to 4096 characters long${cut}`],
    ['description', 'a\0', 'must be Unicode text without NUL, got "a\\u0000"'],
    ['enabled', 'true', 'must be a boolean, got "true"'],
    ['enabled', 0, 'must be a boolean, got 0'],
    ['timezone', '', 'is not allowed to be empty'],
    ['timezone', 3, 'must be a string, got 3'],
    ['payload', [], 'must be of type object, got an array'],
    ['payload', null, 'must be of type object, got null'],
    ['payload', nested(65), 'must not be nested deeper than 64 levels'],
    ['payload', sized(65_537), 'must not be larger than 64 KiB'],
    ['payload', { a: ['\0'] }, 'must contain Unicode text without NUL only'],
    ['payload', { '\ud800': 1 }, 'must contain Unicode text without NUL only'],
    ['metadata', 'x', 'must be of type object, got "x"'],
    ['metadata', sized(16_385), 'must not be larger than 16 KiB'],
    ['max_runs', -1, 'must be greater than or equal to 0, got -1'],
    ['max_runs', 1.5, 'must be an integer, got 1.5'],
    ['max_runs', '3', 'must be a number, got "3"'],
    ['max_runs', 1_000_000_001, 'must be less than or equal to 1000000000, got 1000000001'],
    ['retry_limit', -1, 'must be greater than or equal to 0, got -1'],
    ['retry_limit', 11, 'must be less than or equal to 10, got 11'],
    ['timeout_seconds', 0, 'must be greater than or equal to 1, got 0'],
    ['timeout_seconds', 901, 'must be less than or equal to 900, got 901'],
    ['pause_after_failures', -1, 'must be greater than or equal to 0, got -1'],
    ['pause_after_failures', 1_001, 'must be less than or equal to 1000, got 1001'],
    ['overlap_policy', 'replace', 'must be one of [skip, queue, allow], got "replace"'],
    ['catch_up_policy', 'LATEST', 'must be one of [latest, all, none], got "LATEST"'],
    ['catch_up_window_seconds', -1, 'must be greater than or equal to 0, got -1'],
    ['catch_up_window_seconds', 2_592_001, 'must be less than or equal to 2592000, got 2592001'],
    ['jitter_seconds', -1, 'must be greater than or equal to 0, got -1'],
    ['jitter_seconds', 0.5, 'must be an integer, got 0.5'],
    ['jitter_seconds', 86_401, 'must be less than or equal to 86400, got 86401'],
    ['start_at', 1_767_225_600, 'must be a string, got 1767225600'],
    ['start_at', '2030-01-01', 'must be an RFC 3339 date and time, got "2030-01-01"'],
    ['start_at', '2030-01-01T00:00:00', 'must be an RFC 3339 date and time, got "2030-01-01T00:00:00"'],
    ['start_at', '2030-02-30T00:00:00Z', 'must be an RFC 3339 date and time, got "2030-02-30T00:00:00Z"'],
    ['end_at', '2030-01-01T24:00:00Z', 'must be an RFC 3339 date and time, got "2030-01-01T24:00:00Z"'],
    [
      'end_at',
      '9999-12-31T23:59:59-23:59',
      'must be an RFC 3339 date and time, got "9999-12-31T23:59:59-23:59"',
    ],
  ])('%s: %j is refused on create and change', async (field, value, fault) => {
    const refusal = refusalOf(field, `${field} ${fault}`);
    expect(await create({ [field]: value })).toMatchObject(refusal);
    const unknownJob = '/automation/jobs/01a20d39-27c1-753f-87f4-75c6d5717b06';
    expect(await tenant.patch(unknownJob, { [field]: value })).toMatchObject(refusal);
  });

  test.each<[string, unknown, unknown?]>([
    ['name', 'x'],
    ['name', 'ж'.repeat(200)],
    ['description', 'x'.repeat(4_096)],
    ['timezone', 'America/Argentina/ComodRivadavia'],
    ['payload', nested(64)],
    ['payload', sized(65_536)],
    ['payload', { ключ: [1e308, -0.5, '💥', { '': null }] }],
    ['metadata', sized(16_384)],
    ['max_runs', 1_000_000_000],
    ['retry_limit', 10],
    ['timeout_seconds', 1],
    ['timeout_seconds', 900],
    ['pause_after_failures', 1_000],
    ['overlap_policy', 'allow'],
    ['catch_up_policy', 'none'],
    ['catch_up_window_seconds', 0],
    ['catch_up_window_seconds', 2_592_000],
    ['jitter_seconds', 86_400],
    ['start_at', '2030-01-01t01:30:00.120+01:30', '2030-01-01T00:00:00.120Z'],
    ['end_at', '9999-12-31T23:59:59Z'],
    ['end_at', null],
  ])('%s: %j is taken', async (field, value, answered = value) => {
    const { status, body } = await create({ [field]: value });
    expect({ status, [field]: body[field] }).toEqual({ status: 201, [field]: answered });
  });

  test.each(['id', 'status', 'run_count', 'next_run', 'Name'])(
    '%s is no field to be given, and named as unknown (SPEC 5)',
    async (field) => {
      expect(await create({ [field]: null })).toMatchObject(refusalOf(field, `unknown field: ${field}`));
    },
  );

  test('account_id is not changed by a patch', async () => {
    const job = await createJob(tenant);
    const { status, body } = await tenant.patch(`/automation/jobs/${String(job['id'])}`, {
      account_id: tenant.accountId,
    });
    expect({ status, body }).toMatchObject(refusalOf('account_id', 'unknown field: account_id'));
  });
});

describe('names are unique per account (SPEC 1)', () => {
  test.each([
    ['Daily Report', 'Daily Report'],
    ['Daily Straße', 'DAILY STRAßE'],
    ['Отчёт', ' ОТЧЁТ '],
  ])('%j then %j is 409', async (first, second) => {
    expect((await create({ name: first })).status).toBe(201);
    expect(await create({ name: second })).toMatchObject({
      status: 409,
      body: {
        error: 'conflict',
        code: 'CONFLICT',
        message: `job with name "${second.trim()}" already exists`,
      },
    });
  });

  test('of simultaneous creates exactly one wins', async () => {
    const names = ['Race', 'race', 'RACE', 'rAce', 'racE'];
    const answers = await Promise.all(names.map((name) => create({ name })));
    expect(statusesOf(answers)).toEqual([201, 409, 409, 409, 409]);
    expect((await tenant.get('/automation/jobs?q=race')).items).toHaveLength(1);
  });

  test('another account may use the same name', async () => {
    const job = await createJob(tenant);
    const other = await createJob(await api.newTenant(), { name: job['name'] });
    expect(other['name']).toBe(job['name']);
  });
});

describe('functions', () => {
  test.each(['nobody', ' ', '../x'])('an unknown one (%j) is 400 (SPEC 5)', async (id) => {
    const message = `function validation failed: function ${id} not found`;
    expect(await create({ function_id: id })).toMatchObject(refusalOf('function_id', message));
  });

  test("another account's is as unknown, on create and change", async () => {
    const theirs = await createJob(await api.newTenant());
    const id = String(theirs['function_id']);
    const refusal = refusalOf('function_id', `function validation failed: function ${id} not found`);
    expect(await create({ function_id: id })).toMatchObject(refusal);
    const job = await createJob(tenant);
    expect(await tenant.patch(`/automation/jobs/${String(job['id'])}`, { function_id: id })).toMatchObject(
      refusal,
    );
  });
});
