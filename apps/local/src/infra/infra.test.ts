import { createRegistry } from '@automation/service-kit';

import { documentedMetrics, type MetricEntry } from '../metrics-table.fixture.ts';
import {
  readPanels,
  readRules,
  readRuleTests,
  readRunbookSections,
  readScalingQueries,
} from './infra-files.fixture.ts';
import { groupingLabelsIn, labelsIn, namesIn } from './promql.fixture.ts';

const ON_EVERYTHING = ['job', 'instance', 'service'];

type Series = [name: string, labels: ReadonlySet<string>];

/** What Prometheus stores of a metric. */
function seriesOf({ name, type, labels }: MetricEntry): Series[] {
  if (type !== 'histogram') return [[name, new Set(labels)]];
  return [
    [`${name}_bucket`, new Set([...labels, 'le'])],
    [`${name}_sum`, new Set(labels)],
    [`${name}_count`, new Set(labels)],
  ];
}

/** The labels of all series that there are: of the README's table, of the recording rules, of Node and of Prometheus itself. */
async function knownSeries(): Promise<Map<string, ReadonlySet<string>>> {
  const known = new Map(documentedMetrics().flatMap(seriesOf));
  for (const { record, expr, labels } of (await readRules()).recording)
    known.set(record, new Set([...groupingLabelsIn(expr), ...Object.keys(labels ?? {})]));
  for (const { name } of createRegistry('any').getMetricsAsArray()) known.set(name, new Set());
  known.set('up', new Set());
  known.set('ALERTS', new Set(['alertname', 'alertstate']));
  return known;
}

/** What an expression and its legend name that there is not. */
function unknownIn(
  { expr, legend = '' }: { expr: string; legend?: string },
  known: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  const names = namesIn(expr);
  const labels = new Set([...ON_EVERYTHING, ...names.flatMap((name) => [...(known.get(name) ?? [])])]);
  const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].flatMap(([, label]) => label ?? []);
  return [
    ...names.filter((name) => !known.has(name)),
    ...[...labelsIn(expr), ...shown]
      .filter((label) => !labels.has(label))
      .map((label) => `${label} in ${expr}`),
  ];
}

async function readExpressions(): Promise<{ expr: string; legend?: string }[]> {
  const { recording, alerts } = await readRules();
  const targets = (await readPanels()).flatMap((panel) => panel.targets ?? []);
  return [
    ...recording,
    ...alerts,
    ...targets.map(({ expr, legendFormat }) => ({ expr, legend: legendFormat })),
    ...(await readScalingQueries()).map((expr) => ({ expr })),
  ];
}

test('names and labels in an expression are found', () => {
  const expr =
    'sum by (le, phase) (rate(automation_a_bucket{state=~"x|}", kind!="b"}[5m])) unless on () a:b:c offset 15m > 0';
  expect(namesIn(expr)).toEqual(['automation_a_bucket', 'a:b:c']);
  expect(labelsIn(expr)).toEqual(['state', 'kind', 'le', 'phase']);
  const known = new Map([['automation_a_bucket', new Set(['le', 'state', 'kind'])]]);
  expect(unknownIn({ expr, legend: '{{kind}} {{queue}}' }, known)).toEqual([
    'a:b:c',
    `phase in ${expr}`,
    `queue in ${expr}`,
  ]);
});

test("rules, dashboard and autoscaling name no series and no label but those of the README's table, Node's and recorded ones", async () => {
  const known = await knownSeries();
  const expressions = await readExpressions();
  expect(expressions.flatMap((each) => unknownIn(each, known))).toEqual([]);
});

test('what is recorded is asked for', async () => {
  const { recording } = await readRules();
  const used = new Set((await readExpressions()).flatMap(({ expr }) => namesIn(expr)));
  expect(recording.filter(({ record }) => !used.has(record))).toEqual([]);
});

describe('alerts', () => {
  test('each has a section in the runbook, which has no other ones', async () => {
    const { alerts } = await readRules();
    const names = alerts.map(({ alert }) => alert);
    expect((await readRunbookSections()).toSorted()).toEqual(names.toSorted());
    expect(new Set(names).size).toBe(names.length);
  });

  test('each says how bad it is, what it is, its value, and where to read on', async () => {
    const { alerts } = await readRules();
    for (const { alert, labels, annotations } of alerts) {
      expect({ alert, labels, annotations }).toEqual({
        alert,
        labels: { severity: expect.stringMatching(/^(critical|warning)$/) },
        annotations: {
          summary: expect.stringMatching(/./),
          description: expect.stringContaining('$value'),
          runbook: `infra/prometheus/RUNBOOK.md#${alert.toLowerCase()}`,
        },
      });
    }
  });

  test('each is tested to be raised, and not to be raised', async () => {
    const { alerts } = await readRules();
    const names = alerts.map(({ alert }) => alert).toSorted();
    const tests = await readRuleTests();
    const tested = (isRaised: boolean) =>
      tests.filter((each) => (each.exp_alerts !== undefined) === isRaised).map(({ alertname }) => alertname);
    expect([...new Set(tested(true))].toSorted()).toEqual(names);
    expect([...new Set(tested(false))].toSorted()).toEqual(names);
  });
});

describe('the dashboard', () => {
  test('every panel has a title, a unit, a line that explains it, and the data source that is chosen', async () => {
    const panels = (await readPanels()).filter(({ type }) => type !== 'row');
    expect(panels.length).toBeGreaterThan(30);
    for (const panel of panels) {
      expect(panel).toMatchObject({
        title: expect.stringMatching(/./),
        description: expect.stringMatching(/^[^\n]+\.$/),
        datasource: { uid: '${datasource}' },
        fieldConfig: { defaults: { unit: expect.stringMatching(/./) } },
      });
      expect(new Set(panel.targets?.map(({ datasource }) => datasource.uid))).toEqual(
        new Set(['${datasource}']),
      );
    }
  });

  test('panels have ids of their own and do not lie on each other', async () => {
    const panels = await readPanels();
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)}/${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });
});
