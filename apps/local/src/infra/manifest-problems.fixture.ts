import type { Manifest } from './manifests.fixture.ts';

/** Where the models of a group's kinds come from; the groups of Kubernetes itself are in the first. */
const MODELS = 'kubernetes-models';
const MODELS_OF_OTHERS: Record<string, string> = {
  'keda.sh': '@kubernetes-models/keda',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};

/**
 * What is wrong with an object by the schema of its kind. The models complain about what is missing or of the wrong type, and do
 * not look at fields that there are not: so a field that they have not looked at is one.
 */
export async function manifestProblems(manifest: Pick<Manifest, 'apiVersion' | 'kind'>): Promise<string[]> {
  const { apiVersion, kind } = manifest;
  const [group = ''] = apiVersion.split('/');
  const models: unknown = await import(`${MODELS_OF_OTHERS[group] ?? MODELS}/${apiVersion}/${kind}`);
  const model: unknown = Reflect.get(Object(models), kind);
  const validate: unknown = Reflect.get(Object(Reflect.get(Object(model), 'prototype')), 'validate');
  if (typeof validate !== 'function') throw new Error(`there is no model of ${apiVersion} ${kind}`);
  const unread = new Set<string>();
  try {
    // A model of its own would be a copy.
    Reflect.apply(validate, watched(manifest, '', unread), []);
  } catch (error) {
    return [String(error)];
  }
  return [...unread].map((path) => `${path} is unknown`);
}

/** The same value; what is read of it is taken out of `unread`, which holds the path of every field below it at first. */
function watched(value: unknown, path: string, unread: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const pathOf = (key: string) => `${path}/${key}`;
  const fields = Object.entries(value).map(
    ([key, field]) => [key, watched(field, pathOf(key), unread)] as const,
  );
  for (const [key] of fields) unread.add(pathOf(key));
  const copy = Array.isArray(value) ? fields.map(([, field]) => field) : Object.fromEntries(fields);
  return new Proxy(copy, {
    get: (target, key) => {
      unread.delete(pathOf(String(key)));
      const field: unknown = Reflect.get(target, key);
      return field;
    },
  });
}
