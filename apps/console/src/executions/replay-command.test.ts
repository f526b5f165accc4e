import { spawnSync } from 'node:child_process';

import { after, attempt, execution, phase } from './execution.fixture.ts';
import { replayCommand, variableOf } from './replay-command.ts';

const input = { phase: 'check', note: `it's "so": $HOME \`id\` \\ ✓` };
const recorded = phase([attempt(2, 0, 1)], { input, attempts: 2, id: 'execution:check' });
const request = { execution: execution({ check: recorded }), phase: 'check', recorded } as const;

/** What a shell hands to a curl that only lists its arguments. */
function argumentsOf(command: string, env: Record<string, string> = {}): string[] {
  const script = `curl() { printf '%s\\n' "$@"; }; ${command}`;
  const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8', env });
  return stdout.trimEnd().split('\n');
}

test('a shell reads the command as the request that was made, whatever is in its input', () => {
  const command = replayCommand({ ...request, url: "https://example.com/a?b='c'&d", ownHeaders: [] });
  const args = argumentsOf(command);
  expect(args.slice(0, 4)).toEqual(['-i', '-X', 'POST', "https://example.com/a?b='c'&d"]);
  expect(args).toEqual(
    expect.arrayContaining([
      'Idempotency-Key: execution:check',
      'X-Automation-Execution: execution',
      'X-Automation-Attempt: 2',
      `X-Automation-Scheduled-For: ${after(0)}`,
    ]),
  );
  expect(JSON.parse(args.at(-1) ?? '')).toEqual(input);
});

test("the values of the function's own headers, and an unknown address, come from variables", () => {
  const ownHeaders = ['Authorization', 'X-$Odd`Name'];
  const command = replayCommand({ ...request, url: null, ownHeaders });
  const env = { AUTHORIZATION: 'Bearer 1', X__ODD_NAME: '2', FUNCTION_URL: 'http://127.0.0.1/' };
  const args = argumentsOf(command, env);
  expect(args[3]).toBe('http://127.0.0.1/');
  expect(args).toEqual(expect.arrayContaining(['Authorization: Bearer 1', 'X-$Odd`Name: 2']));
  expect(variableOf('2nd-Key')).toBe('_2ND_KEY');
});
