import { runMain } from '@automation/service-kit';

import { loadSchedulerConfig } from './config.ts';
import { start } from './start.ts';

await runMain({
  service: 'scheduler',
  start: async (env, logLevel) => start(loadSchedulerConfig(env), logLevel),
});
