import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import Joi from 'joi';
import { parseAllDocuments } from 'yaml';

export const OVERLAYS = ['single', 'production'] as const;

export type Overlay = (typeof OVERLAYS)[number];

export interface Container {
  image: string;
  args?: string[];
  env?: { name: string; value?: string }[];
  envFrom?: ({ configMapRef: { name: string } } | { secretRef: { name: string } })[];
  ports?: { name: string; containerPort: number }[];
  resources: { limits: { memory: string } };
}

export interface Pod {
  metadata: { labels: Record<string, string> };
  spec: { terminationGracePeriodSeconds?: number; containers: Container[] };
}

/** What the labels of a pod have to be. */
export interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; values: string[] }[];
}

export interface EgressRule {
  to?: { ipBlock?: { cidr: string; except: string[] }; namespaceSelector?: Selector }[];
  ports?: { port: number | string }[];
}

/** An object of Kubernetes: of any kind, but only what is read of it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  spec?: {
    template?: Pod;
    strategy?: { rollingUpdate: { maxSurge: number; maxUnavailable: number } };
    selector?: Selector;
    podSelector?: Selector;
    egress?: EgressRule[];
  };
}

const manifest = Joi.object<Manifest>({
  apiVersion: Joi.string().required(),
  kind: Joi.string().required(),
  metadata: Joi.object({ name: Joi.string().required() }).unknown().required(),
}).unknown();

/** The objects of an overlay, as kubectl renders them. Null if this machine has no kubectl. */
export function render(overlay: Overlay): Manifest[] | null {
  const directory = fileURLToPath(
    new URL(`../../../../infra/kubernetes/overlays/${overlay}`, import.meta.url),
  );
  const { error, status, stdout, stderr } = spawnSync('kubectl', ['kustomize', directory], {
    encoding: 'utf8',
  });
  if (error !== undefined && Reflect.get(error, 'code') === 'ENOENT') return null;
  if (status !== 0) throw error ?? new Error(stderr);
  return parseAllDocuments(stdout).map((document) => Joi.attempt(document.toJS(), manifest));
}

/** The pod of each workload, by the workload's name. */
export function podsOf(manifests: readonly Manifest[]): Map<string, Pod> {
  return new Map(
    manifests.flatMap(({ metadata, spec }): [string, Pod][] =>
      spec?.template === undefined ? [] : [[metadata.name, spec.template]],
    ),
  );
}

/** Which pods an object is about; null if it is about none. */
export function selectorOf({ kind, spec }: Manifest): Selector | null {
  const selector = spec?.selector ?? spec?.podSelector ?? null;
  if (kind !== 'Service') return selector;
  // A Service's has the labels themselves.
  const labels: [string, unknown][] = Object.entries({ ...selector });
  return { matchLabels: Object.fromEntries(labels.filter((label) => isText(label))) };
}

function isText(label: [string, unknown]): label is [string, string] {
  return typeof label[1] === 'string';
}

export function isSelected(pod: Pod | undefined, selector: Selector | null): boolean {
  if (pod === undefined || selector === null) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const { labels } = pod.metadata;
  return (
    Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
    matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? ''))
  );
}
