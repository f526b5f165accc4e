import { runMain } from '@automation/service-kit';

import { start } from './start.ts';
import { progressOn } from './welcome.ts';

await runMain({
  service: 'local',
  start: async (env, logLevel) => start(env, logLevel, progressOn(process.stdout)),
});
