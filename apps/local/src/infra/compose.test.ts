import { existsSync } from 'node:fs';

import { composeProblems, readComposeFile } from './compose-file.fixture.ts';
import { SERVICES, settingsOf } from './settings-of.fixture.ts';

/** What the images set themselves. */
const SET_BY_IMAGES = ['API_HOST', 'API_PORT', 'METRICS_PORT'];
/** Read by Node and by OpenTelemetry's exporter, not by us. */
const OF_OTHERS = ['NODE_OPTIONS', 'OTEL_EXPORTER_OTLP_HEADERS'];
/** What runMain allows beyond the default of SHUTDOWN_GRACE_MS, which is 25 s. */
const SHORTEST_STOP_S = 27;

const { services } = readComposeFile();
const seconds = (period = '10s') => Number(/^(\d+)s$/.exec(period)?.[1]);
const ROOT = new URL('../../../../', import.meta.url);

test('docker-compose.yml is what the Compose Specification allows', () => {
  expect(composeProblems()).toEqual([]);
});

test.each(SERVICES)('the %s is handed every setting that it reads, and no other one', (name) => {
  const given = Object.keys(services[name]?.environment ?? {});
  const expected = settingsOf(name).difference(new Set(SET_BY_IMAGES));
  expect(given.filter((setting) => !OF_OTHERS.includes(setting)).toSorted()).toEqual(
    [...expected].toSorted(),
  );
});

test('secrets have no value and no default: compose asks for them', () => {
  const environments = Object.values(services).map(({ environment }) => Object.entries(environment ?? {}));
  const secrets = environments
    .flat()
    .filter(([name]) => /^DATABASE_URL$|PASSWORD|KEY$|TOKEN/.test(name))
    .filter(([, value]) => value !== null);
  expect(secrets.length).toBeGreaterThan(3);
  for (const [, value] of secrets)
    expect(value).toMatch(/^(?:postgres:\/\/automation:)?\$\{(?:POSTGRES_PASSWORD|BOOTSTRAP_API_KEY):\?/);
});

test('the services are started when the migrations have run, and these when the database answers', () => {
  expect(services['migrate']).toMatchObject({
    image: 'automation-api',
    depends_on: { postgres: { condition: 'service_healthy' } },
  });
  for (const name of SERVICES)
    expect(services[name]).toMatchObject({
      image: `automation-${name}`,
      build: { target: name },
      depends_on: { migrate: { condition: 'service_completed_successfully' } },
    });
});

test('two schedulers and three workers run, and each has the time to finish what it has begun (SPEC 6)', () => {
  expect(services['scheduler']?.deploy?.replicas).toBe(2);
  expect(services['worker']?.deploy?.replicas).toBe(3);
  for (const name of SERVICES)
    expect(seconds(services[name]?.stop_grace_period)).toBeGreaterThanOrEqual(SHORTEST_STOP_S);
});

test('no container may write to its image, gain privileges, or be reached from another machine', () => {
  for (const service of Object.values(services)) {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
  }
});

test('what is mounted out of the repository is there', () => {
  const sources = Object.values(services)
    .flatMap(({ volumes }) => volumes ?? [])
    .map((volume) => volume.split(':')[0] ?? '')
    .filter((source) => source.startsWith('./'));
  expect(sources.length).toBeGreaterThan(3);
  expect(sources.filter((source) => !existsSync(new URL(source, ROOT)))).toEqual([]);
});
