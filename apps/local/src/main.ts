import { runMain } from '@automation/service-kit';

import { start } from './start.ts';
import { progressOn } from './welcome.ts';

await runMain({ service: 'local', start: async (env) => start(env, progressOn(process.stdout)) });
