import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { hasPromtool } from '../promtool.fixture.ts';
import { PROMETHEUS, readPanels, readScalingQueries } from './infra-files.fixture.ts';

/** Rejects with what it says if it finds anything wrong. */
async function promtool(...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)('promtool', args, { cwd: PROMETHEUS });
  return `${stdout}${stderr}`;
}

async function filesIn(directory: string): Promise<string[]> {
  const names = await readdir(join(PROMETHEUS, directory));
  return names.map((name) => join(directory, name));
}

/** Writes expressions as a file of rules, which is what promtool checks; answers what it says. */
async function checkExpressions(expressions: readonly string[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'automation-promtool-'));
  const file = join(directory, 'rules.yml');
  const rules = expressions.map((expr, index) => ({ record: `dashboard:${index}`, expr }));
  try {
    await writeFile(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
    return await promtool('check', 'rules', file);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

if (hasPromtool()) {
  test.each(['prometheus.yml', 'local.yml'])('promtool accepts %s and finds its rules', async (config) => {
    expect(await promtool('check', 'config', config)).toContain('SUCCESS: 2 rule files found');
  });

  test('promtool accepts the rules', async () => {
    expect(await promtool('check', 'rules', ...(await filesIn('rules')))).not.toContain('FAILED');
  });

  test('every alert is raised when it has to be, and not otherwise', async () => {
    const files = await filesIn('tests');
    const said = await promtool('test', 'rules', ...files);
    expect(said.match(/SUCCESS/g)).toHaveLength(files.length);
  });

  test('promtool accepts the expressions of the dashboard and of autoscaling', async () => {
    const targets = (await readPanels()).flatMap((panel) => panel.targets ?? []);
    const expressions = [
      ...targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m')),
      ...(await readScalingQueries()),
    ];
    expect(await checkExpressions(expressions)).toContain(`SUCCESS: ${expressions.length} rules found`);
    await expect(checkExpressions(['sum by (rate(up[1m])'])).rejects.toThrow('could not parse expression');
  });
} else {
  test.todo(
    'NOT CHECKED, promtool is not on PATH (Debian: prometheus): config, rules, their tests, dashboard, autoscaling',
  );
}
