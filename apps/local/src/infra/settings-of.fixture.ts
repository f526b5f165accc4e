import { loadApiConfig } from '@automation/api';
import { loadSchedulerConfig } from '@automation/scheduler';
import { ConfigError } from '@automation/service-kit';
import { loadWorkerConfig } from '@automation/worker';

export const SERVICES = ['api', 'scheduler', 'worker'] as const;

export type Service = (typeof SERVICES)[number];

const LOADERS = { api: loadApiConfig, scheduler: loadSchedulerConfig, worker: loadWorkerConfig };

/** The names of all settings that a service reads. */
export function settingsOf(service: Service): ReadonlySet<string> {
  const names = new Set<string>();
  const asked = (_env: object, name: string | symbol) => {
    names.add(String(name));
    return undefined;
  };
  try {
    LOADERS[service](new Proxy<NodeJS.ProcessEnv>({}, { get: asked }));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
  }
  return names;
}
