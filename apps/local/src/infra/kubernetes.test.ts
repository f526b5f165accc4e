import { createServer } from 'node:http';
import { isDeepStrictEqual } from 'node:util';

import { manifestProblems } from './manifest-problems.fixture.ts';
import {
  type Container,
  isSelected,
  type Manifest,
  OVERLAYS,
  type Pod,
  podsOf,
  render,
  selectorOf,
} from './manifests.fixture.ts';
import { SERVICES, settingsOf } from './settings-of.fixture.ts';

/** What runMain allows beyond SHUTDOWN_GRACE_MS. */
const CLOSING_S = 2;
const DEFAULT_TERMINATION_S = 30;
/** The other quarter of a container's memory is for what V8's old space does not hold. */
const LARGEST_HEAP = 0.75;
const METRICS_PORTS = { api: 9090, scheduler: 9091, worker: 9092 };

const namesIn = (manifests: readonly Manifest[], kind: string) =>
  manifests.filter((each) => each.kind === kind).map(({ metadata }) => metadata.name);

const settingsFor = (manifests: readonly Manifest[]) =>
  manifests.find(({ kind }) => kind === 'ConfigMap')?.data ?? {};

/** What the NetworkPolicies let a pod reach. */
const egressOf = (manifests: readonly Manifest[], pod: Pod | undefined) =>
  manifests
    .filter((each) => each.kind === 'NetworkPolicy' && isSelected(pod, selectorOf(each)))
    .flatMap(({ spec }) => spec?.egress ?? []);

const mainOf = (pod: Pod | undefined): Container =>
  pod?.spec.containers[0] ?? { image: '', resources: { limits: { memory: '' } } };

const mebibytes = ({ resources }: Container) => Number(/^(\d+)Mi$/.exec(resources.limits.memory)?.[1]);

const rendered = OVERLAYS.map((overlay) => [overlay, render(overlay)] as const);

if (rendered.some(([, manifests]) => manifests === null)) {
  test.todo('NOT CHECKED, kubectl is not on PATH: the overlays of infra/kubernetes');
} else {
  describe.each(rendered.map(([overlay, manifests]) => [overlay, manifests ?? []] as const))(
    'the overlay %s',
    (overlay, manifests) => {
      const pods = podsOf(manifests);
      const services = SERVICES.map((name) => [name, pods.get(name)!] as const);

      test('is what the schemas of its kinds allow, and has no field that they do not know', async () => {
        const problems = await Promise.all(manifests.map(manifestProblems));
        expect(problems.flat()).toEqual([]);
      });

      test('runs the three services and the migrations, each with the image of its target', () => {
        const images = [...pods].map(([name, pod]) => [name, mainOf(pod).image]);
        expect(Object.fromEntries(images)).toEqual({
          api: expect.stringMatching(/automation-api:[\d.]+$/),
          scheduler: expect.stringMatching(/automation-scheduler:[\d.]+$/),
          worker: expect.stringMatching(/automation-worker:[\d.]+$/),
          migrate: expect.stringMatching(/automation-api:[\d.]+$/),
        });
        expect(mainOf(pods.get('migrate')).args).toEqual(['migrate.mjs']);
      });

      test('has pods that Pod Security calls restricted, and that may not write to their image', () => {
        for (const pod of pods.values())
          expect(pod.spec).toMatchObject({
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'] },
                },
              },
            ],
          });
      });

      test('sets no setting that a service does not read, and has none set by the names of its Services', () => {
        for (const [name, pod] of services) {
          const { env = [], envFrom = [] } = mainOf(pod);
          expect(envFrom).toEqual([
            { configMapRef: { name: expect.stringMatching(/^settings-/) } },
            { secretRef: { name } },
          ]);
          const known = settingsOf(name);
          const own = env.map((variable) => variable.name).filter((variable) => variable !== 'NODE_OPTIONS');
          expect(own.filter((setting) => !known.has(setting))).toEqual([]);
          expect(pod.spec).toMatchObject({ enableServiceLinks: false });
        }
        const read = new Set(SERVICES.flatMap((name) => [...settingsOf(name)]));
        expect(Object.keys(settingsFor(manifests)).filter((setting) => !read.has(setting))).toEqual([]);
      });

      test('probes what the metrics port says of a service: alive is who answers, ready is who has its database', () => {
        for (const [name, pod] of services) {
          const port = { name: 'metrics', containerPort: METRICS_PORTS[name] };
          expect(mainOf(pod).ports).toContainEqual(port);
          expect(mainOf(pod)).toMatchObject({
            startupProbe: { httpGet: { path: '/healthz', port: 'metrics' } },
            livenessProbe: { httpGet: { path: '/healthz', port: 'metrics' } },
            readinessProbe: { httpGet: { path: '/readyz', port: 'metrics' } },
          });
        }
      });

      test('gives every service the time to finish what it has begun (SPEC 6)', () => {
        const grace = Number(settingsFor(manifests)['SHUTDOWN_GRACE_MS']) / 1_000;
        for (const [, { spec }] of services) {
          const { terminationGracePeriodSeconds = DEFAULT_TERMINATION_S } = spec;
          expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(grace + CLOSING_S);
        }
      });

      test('starts a new pod before it ends an old one, of every service', () => {
        const deployments = manifests.filter(({ kind }) => kind === 'Deployment');
        const strategies = deployments.map(({ metadata, spec }) => [metadata.name, spec?.strategy]);
        const surging = { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
        expect(Object.fromEntries(strategies)).toEqual({ api: surging, scheduler: surging, worker: surging });
      });

      test('serves on after a SIGTERM for longer than a client keeps an idle connection, and has time left for what is in flight', () => {
        const delay = Number(
          mainOf(pods.get('api')).env?.find(({ name }) => name === 'SHUTDOWN_DELAY_MS')?.value,
        );
        expect(delay).toBeGreaterThan(createServer().keepAliveTimeout);
        expect(delay).toBeLessThan(Number(settingsFor(manifests)['SHUTDOWN_GRACE_MS']) / 2);
      });

      test('keeps the heap of every service within its memory', () => {
        for (const [, pod] of services) {
          const main = mainOf(pod);
          const options = main.env?.find(({ name }) => name === 'NODE_OPTIONS')?.value ?? '';
          const heap = Number(/--max-old-space-size=(\d+)/.exec(options)?.[1]);
          expect(heap).toBeLessThanOrEqual(mebibytes(main) * LARGEST_HEAP);
        }
      });

      test('lets workers reach the internet where functions may be, and nothing private', () => {
        const outwards = egressOf(manifests, pods.get('worker')).filter(({ to = [] }) =>
          to.some(({ ipBlock }) => ipBlock !== undefined),
        );
        expect(outwards).toEqual([
          {
            to: [
              {
                ipBlock: {
                  cidr: '0.0.0.0/0',
                  except: expect.arrayContaining(['10.0.0.0/8', '169.254.0.0/16']),
                },
              },
              { ipBlock: { cidr: '::/0', except: expect.arrayContaining(['fc00::/7', 'fe80::/10']) } },
            ],
            ports: [{ port: 443 }, { port: 8443 }],
          },
        ]);
      });

      test('lets the api and the workers, and nobody else, reach the namespaces that are labelled for it, on any port', () => {
        const label = { namespaceSelector: { matchLabels: { 'automation-reachable': 'true' } } };
        const who = [...pods].filter(([, pod]) =>
          egressOf(manifests, pod).some((rule) => isDeepStrictEqual(rule, { to: [label] })),
        );
        expect(who.map(([name]) => name).toSorted()).toEqual(['api', 'worker']);
      });

      test('lets everybody reach DNS, the database and a collector of traces in the namespace of the monitoring', () => {
        for (const pod of pods.values()) {
          const ports = egressOf(manifests, pod).flatMap((rule) => rule.ports ?? []);
          expect(ports.map(({ port }) => port)).toEqual(expect.arrayContaining([53, 5432, 4318]));
        }
      });

      test('selects by labels that pods have', () => {
        const selectors = manifests.map(selectorOf).filter((selector) => selector !== null);
        expect(selectors.length).toBeGreaterThan(SERVICES.length);
        for (const selector of selectors)
          expect([...pods.values()].some((pod) => isSelected(pod, selector))).toBe(true);
      });

      if (overlay === 'production') {
        test('has a budget for every service, and scales the api and the workers', () => {
          expect(namesIn(manifests, 'PodDisruptionBudget').toSorted()).toEqual([...SERVICES]);
          expect(namesIn(manifests, 'HorizontalPodAutoscaler')).toEqual(['api']);
          expect(namesIn(manifests, 'ScaledObject')).toEqual(['worker']);
          expect(namesIn(manifests, 'PodMonitor')).toEqual(['automation']);
        });
      }
    },
  );

  test('a field that there is not, and one of the wrong type, are found', async () => {
    const pod = { metadata: { name: 'x' }, apiVersion: 'v1', kind: 'Pod' };
    const misspelt = { ...pod, spec: { containers: [{ name: 'x', readynessProbe: {} }] } };
    const mistyped = { ...pod, spec: { containers: 'x' } };
    expect(await manifestProblems(misspelt)).toEqual(['/spec/containers/0/readynessProbe is unknown']);
    expect(await manifestProblems(mistyped)).toEqual([expect.stringContaining('array')]);
  });
}
