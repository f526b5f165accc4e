import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import Joi from 'joi';
import { parse, parseAllDocuments } from 'yaml';

export const PROMETHEUS = fileURLToPath(new URL('../../../../infra/prometheus/', import.meta.url));
const AUTOSCALING = new URL(
  '../../../../infra/kubernetes/overlays/production/autoscaling.yaml',
  import.meta.url,
);
const DASHBOARD = new URL('../../../../infra/grafana/dashboards/automation.json', import.meta.url);

export interface RecordingRule {
  record: string;
  expr: string;
  labels?: Record<string, string>;
}

export interface AlertRule {
  alert: string;
  expr: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface RuleTest {
  alertname: string;
  exp_alerts?: unknown[];
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: { uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; legendFormat: string; datasource: { uid: string } }[];
  fieldConfig?: { defaults: { unit?: string } };
}

// promtool says what is wrong with these files; here they need only be what is read of them.
const list = (item: Joi.SchemaMap) => Joi.array().items(Joi.object(item).unknown());
const text = Joi.string().required();

const ruleFile = Joi.object<{ groups: { rules: (RecordingRule | AlertRule)[] }[] }>({
  groups: list({ rules: list({ expr: text }).required() }).required(),
});
const ruleTestFile = Joi.object<{ tests: { alert_rule_test?: RuleTest[] }[] }>({
  tests: list({ alert_rule_test: list({ alertname: text }) }).required(),
}).unknown();
const dashboard = Joi.object<{ panels: Panel[] }>({
  panels: list({
    id: Joi.number().required(),
    type: text,
    title: text,
    targets: list({ expr: text }),
  }).required(),
}).unknown();

const scaledObject = Joi.object<{ spec: { triggers?: { metadata: { query: string } }[] } }>({
  spec: Joi.object({ triggers: list({ metadata: Joi.object({ query: text }).unknown().required() }) })
    .unknown()
    .required(),
}).unknown();

/** The rules of every file in rules/. */
export async function readRules(): Promise<{ recording: RecordingRule[]; alerts: AlertRule[] }> {
  const texts = await readAll('rules');
  const files = texts.map((each) => Joi.attempt(parse(each), ruleFile));
  const rules = files.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  return {
    recording: rules.filter((rule) => 'record' in rule),
    alerts: rules.filter((rule) => 'alert' in rule),
  };
}

/** What the files in tests/ expect of alerts. */
export async function readRuleTests(): Promise<RuleTest[]> {
  const files = (await readAll('tests')).map((each) => Joi.attempt(parse(each), ruleTestFile));
  return files.flatMap(({ tests }) => tests.flatMap((each) => each.alert_rule_test ?? []));
}

/** What autoscaling in Kubernetes asks Prometheus. */
export async function readScalingQueries(): Promise<string[]> {
  const documents = parseAllDocuments(await readFile(AUTOSCALING, 'utf8'));
  const objects = documents.map((document) => Joi.attempt(document.toJS(), scaledObject));
  return objects.flatMap(({ spec }) => spec.triggers ?? []).map(({ metadata }) => metadata.query);
}

/** The headings of the runbook's sections. */
export async function readRunbookSections(): Promise<string[]> {
  const runbook = await readFile(join(PROMETHEUS, 'RUNBOOK.md'), 'utf8');
  return [...runbook.matchAll(/^## (.+)$/gm)].flatMap(([, heading]) => heading ?? []);
}

/** The dashboard's panels, rows included. */
export async function readPanels(): Promise<Panel[]> {
  return Joi.attempt(JSON.parse(await readFile(DASHBOARD, 'utf8')), dashboard).panels;
}

async function readAll(directory: 'rules' | 'tests'): Promise<string[]> {
  const names = await readdir(join(PROMETHEUS, directory));
  return Promise.all(names.map((name) => readFile(join(PROMETHEUS, directory, name), 'utf8')));
}
