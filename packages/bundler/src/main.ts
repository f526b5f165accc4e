import { parseArgs } from 'node:util';

import { bundle } from './bundle.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    'files-of': { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: 'dist' },
  },
});

await bundle({
  directory: process.cwd(),
  entryPoints: positionals,
  filesOf: values['files-of'],
  out: values.out,
});
