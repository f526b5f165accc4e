import { runMain } from '@automation/service-kit';

import { loadApiConfig } from './config.ts';
import { start } from './start.ts';

await runMain({ service: 'api', start: (env, logLevel) => start(loadApiConfig(env), { logLevel }) });
