import { readFileSync } from 'node:fs';

import { SERVICES } from './settings-of.fixture.ts';

// What builds images is too much to ask of every machine, and takes minutes: the file is only read here, and what it puts into
// the images runs in bundles.e2e.test.ts. `npm run images` builds and starts them.

const ROOT = new URL('../../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

interface Instruction {
  name: string;
  rest: string;
}

interface Stage {
  name: string;
  from: string;
  instructions: Instruction[];
}

/** The instructions of the file, a line each, comments left out. */
function instructionsOf(dockerfile: string): Instruction[] {
  const lines = dockerfile
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n');
  return lines.flatMap((line) => {
    const [, name, rest] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    return name === undefined || rest === undefined ? [] : [{ name, rest }];
  });
}

function stagesOf(dockerfile: string): Map<string, Stage> {
  const stages = new Map<string, Stage>();
  let current: Stage | undefined;
  for (const instruction of instructionsOf(dockerfile)) {
    const [, from, name] = /^(\S+) AS (\w+)$/.exec(instruction.name === 'FROM' ? instruction.rest : '') ?? [];
    if (from === undefined || name === undefined) current?.instructions.push(instruction);
    else stages.set(name, (current = { name, from, instructions: [] }));
  }
  return stages;
}

/** All that makes up an image: of the stages that it builds on, and its own. */
function imageOf(
  stages: ReadonlyMap<string, Stage>,
  name: string,
): { base: string; instructions: Instruction[] } {
  const stage = stages.get(name);
  if (stage === undefined) return { base: name, instructions: [] };
  const { base, instructions } = imageOf(stages, stage.from);
  return { base, instructions: [...instructions, ...stage.instructions] };
}

const dockerfile = read('infra/docker/Dockerfile');
const stages = stagesOf(dockerfile);

describe.each(SERVICES)('the image of the %s', (service) => {
  const { base, instructions } = imageOf(stages, service);
  const all = (name: string) => instructions.flatMap((each) => (each.name === name ? [each.rest] : []));

  test('has nothing in it but Node and the bundle: no shell, no package manager, no compiler', () => {
    expect(base).toBe('scratch');
    expect(all('COPY')).toEqual(['--from=build /runtime /', `--from=build /src/apps/${service}/dist ./`]);
    expect(all('RUN')).toEqual([]);
    expect(all('ADD')).toEqual([]);
  });

  test('runs Node as process 1, and as nobody', () => {
    expect(all('USER')).toEqual(['65532:65532']);
    expect(all('ENTRYPOINT')).toEqual(['["/usr/local/bin/node"]']);
    expect(all('CMD')).toEqual(['["main.mjs"]']);
  });

  test('asks its metrics port for its health, and exposes it', () => {
    const settings = all('ENV').join(' ');
    const [, port = ''] = /METRICS_PORT=(\d+)/.exec(settings) ?? [];
    expect(all('EXPOSE').join(' ').split(' ')).toContain(port);
    expect(all('HEALTHCHECK')).toEqual([expect.stringContaining('${process.env.METRICS_PORT}/healthz')]);
  });

  test('says what it is', () => {
    const labels = all('LABEL').join(' ');
    for (const label of ['title', 'description', 'version', 'revision', 'licenses'])
      expect(labels).toContain(`org.opencontainers.image.${label}=`);
  });
});

test('images are built by the Node and the pnpm that everything else runs on', () => {
  const manifest: { packageManager: string; devDependencies: Record<string, string> } = JSON.parse(
    read('package.json'),
  );
  expect(dockerfile).toContain(`ARG NODE_VERSION=${manifest.devDependencies['node']}\n`);
  const pnpms = [...dockerfile.matchAll(/pnpm@[\d.]+/g)].map(([pnpm]) => pnpm);
  expect(new Set(pnpms)).toEqual(new Set([manifest.packageManager]));
});

test('the console is built before the bundle of the api, which holds it', () => {
  expect(dockerfile).toMatch(/--filter=@automation\/console --filter=@automation\/api .*\\\n.* run build/);
});

test('what is built from holds no secrets, and no other machine’s packages', () => {
  const [everything, ...rest] = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(everything).toBe('*');
  expect(rest).toEqual(expect.arrayContaining(['**/node_modules', '**/dist']));
  expect(rest.filter((line) => line.startsWith('!') && line.includes('.env'))).toEqual([]);
});
