import { type Progress, progressOn, type Welcome, welcomeText } from './welcome.ts';

const welcome: Welcome = {
  url: 'http://127.0.0.1:8080',
  apiKey: 'the-key',
  metricsPort: 9090,
  database: 'embedded, its files in /data',
  functionNetwork: 'private',
  demoFunctionId: 'fn-1',
};

describe('the welcome screen', () => {
  test('has the addresses, the key and the database', () => {
    const text = welcomeText(welcome);
    expect(text).toMatch(/^ {2}Console +http:\/\/127\.0\.0\.1:8080\/console,/m);
    expect(text).toMatch(/^ {2}API +http:\/\/127\.0\.0\.1:8080$/m);
    expect(text).toMatch(/^ {2}Docs +http:\/\/127\.0\.0\.1:8080\/docs$/m);
    expect(text).toMatch(/^ {2}Metrics +http:\/\/127\.0\.0\.1:9090\/metrics$/m);
    expect(text).toMatch(/^ {2}API key +the-key$/m);
    expect(text).toMatch(/^ {2}Database +embedded, its files in \/data$/m);
  });

  test('has a curl for the demo function', () => {
    const text = welcomeText(welcome);
    expect(text).toContain('curl -X POST http://127.0.0.1:8080/automation/jobs');
    expect(text).toContain("-H 'Authorization: Bearer the-key'");
    expect(text).toContain('"function_id": "fn-1"');
  });

  test('without a demo it says where a function comes from', () => {
    expect(welcomeText({ ...welcome, demoFunctionId: null })).toContain('"<id of a function, see README>"');
  });

  test.each([
    ['private', /^ {2}Network +.* are allowed .*in production: public/m],
    ['public', /^ {2}Network +.* are refused /m],
  ] as const)('says what a %s network means', (functionNetwork, expected) => {
    expect(welcomeText({ ...welcome, functionNetwork })).toMatch(expected);
  });
});

function setup(): { progress: Progress; written: () => string } {
  const texts: string[] = [];
  return { progress: progressOn({ write: (text) => texts.push(text) }), written: () => texts.join('') };
}

describe('progress', () => {
  test('is a line per step, with the time that it took', async () => {
    const { progress, written } = setup();
    expect(await progress('this', async () => 'result')).toBe('result');
    expect(written()).toMatch(/^ {2}starting this … \d+\.\d s\n$/);
  });

  test('ends the line of a step that fails, so that the error has its own', async () => {
    const { progress, written } = setup();
    const failing = progress('this', async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(written()).toBe('  starting this … failed\n');
  });
});
