import { stripVTControlCharacters, styleText } from 'node:util';

import type { OverviewJson } from '@automation/api';
import { durationText } from '@automation/service-kit';

import { table } from './table.ts';

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

/** The overview for the eye: what is wrong comes first. */
export function statusText(overview: OverviewJson, colours: boolean): string {
  const paint: Paint = (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text);
  const section = (title: string, lines: readonly string[]) => [
    '',
    paint('bold', title),
    ...(lines.length === 0 ? ['none'] : lines).map((line) => `  ${printable(line)}`),
  ];
  return [
    ...verdict(overview, paint),
    ...section('Replicas', replicas(overview)),
    ...section('Executions', executions(overview)),
    ...section('Backlog', backlog(overview)),
    ...section(`Failing functions since ${overview.failing_functions.from}`, failing(overview)),
    ...section(`Paused by the service: ${overview.paused_jobs.count}`, paused(overview)),
    '',
  ].join('\n');
}

function verdict({ at, problems }: OverviewJson, paint: Paint): string[] {
  if (problems.length === 0) return [paint('green', `All is well at ${at}.`)];
  return [`At ${at}:`, ...problems.map((problem) => paint('red', `! ${problem}`))];
}

function replicas({ at, replicas: connected }: OverviewJson): string[] {
  const ago = (instant: string) => durationText(Math.max(0, Date.parse(at) - Date.parse(instant)));
  return table(
    connected.map(({ service, name, connected_since: since, last_active_at: active, connections }) => [
      service,
      name,
      `up ${ago(since)}`,
      `active ${ago(active)} ago`,
      `${connections} connections`,
    ]),
  );
}

const OUTCOMES = ['succeeded', 'declined', 'failed', 'timed_out', 'cancelled', 'skipped', 'open'] as const;

function executions({ last_minute: minute, last_5_minutes: five, dispatch_lag_ms: lag }: OverviewJson) {
  const late =
    lag === null ? 'none was taken up' : `p50 ${durationText(lag.p50)}, p99 ${durationText(lag.p99)}`;
  return [
    ...table([
      ['', 'a second', ...OUTCOMES],
      outcomesRow('last minute', minute),
      outcomesRow('last 5 minutes', five),
    ]),
    `from due to taken up: ${late}`,
  ];
}

function outcomesRow(title: string, outcomes: OverviewJson['last_minute']): string[] {
  return [title, String(outcomes.per_second), ...OUTCOMES.map((outcome) => String(outcomes[outcome]))];
}

function backlog({ backlog: { due_jobs: due, oldest_due_seconds: oldest, tasks } }: OverviewJson): string[] {
  const since = due === 0 ? '' : `, the oldest for ${durationText(1_000 * oldest)}`;
  return [
    `due jobs: ${due}${since}`,
    ...table([
      ['', 'waiting', 'delayed', 'active'],
      tasksRow('check tasks', tasks.check),
      tasksRow('perform tasks', tasks.perform),
    ]),
  ];
}

type Tasks = OverviewJson['backlog']['tasks']['check'];

function tasksRow(title: string, { waiting, delayed, active }: Tasks): string[] {
  return [title, ...[waiting, delayed, active].map(String)];
}

function failing({ failing_functions: { functions } }: OverviewJson): string[] {
  return table(
    functions.map((fn) => [
      fn.function_id,
      fn.name ?? '',
      fn.account_id,
      `${fn.failed} of ${fn.finished}`,
      fn.last_reason ?? '',
    ]),
  );
}

function paused({ paused_jobs: { jobs } }: OverviewJson): string[] {
  return table(jobs.map((job) => [job.id, job.name, job.account_id, job.reason]));
}

/** Names and reasons come from users: they must neither break a line nor steer the terminal. */
function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}/gu, ' ');
}
