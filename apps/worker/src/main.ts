import { runMain } from '@automation/service-kit';

import { loadWorkerConfig } from './config.ts';
import { start } from './start.ts';

await runMain({
  service: 'worker',
  start: async (env, logLevel) => start(loadWorkerConfig(env), logLevel),
});
