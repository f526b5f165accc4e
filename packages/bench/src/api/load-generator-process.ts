import type { Load } from './load.ts';
import { runLoad } from './run-load.ts';

// What goes wrong ends the process, with its reason on stderr.
process.on('message', (load: Load) => void answer(load));
process.on('disconnect', () => process.exit());

async function answer(load: Load): Promise<void> {
  const result = await runLoad(load);
  process.send?.(result);
}
