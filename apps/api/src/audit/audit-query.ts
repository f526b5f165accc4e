import type { AuditWindow } from '@automation/domain';
import type { HistoryBounds } from '@automation/store';
import Joi from 'joi';

import { instant, instantInput } from '../http/instant.ts';

const DAY_MS = 86_400_000;

/** Which stretch of the ledger to audit: the 24 hours before `to`, which is now, if nothing is said. */
export interface AuditQuery {
  from?: Date;
  to?: Date;
}

export const auditQuery = Joi.object<AuditQuery>({
  from: instantInput('Occurrences from this instant on; by default 24 hours before `to`.').empty(''),
  to: instantInput('Occurrences before this instant; now by default, and never later.')
    .empty('')
    .custom(requireLater),
});

/** Refuses a `to` that is not later than `from`, which joi has read by the time that it comes to `to`. */
export function requireLater(to: Date, helpers: Joi.CustomHelpers<Date>) {
  const ancestors: unknown = helpers.state.ancestors;
  const query: unknown = Reflect.get(Object(ancestors), 0);
  const from: unknown = Reflect.get(Object(query), 'from');
  if (!(from instanceof Date) || from < to) return to;
  return helpers.message({ custom: `{{#label}} must be later than from (${instant(from)})` });
}

/** The part of what was asked for that is history by now, and has not been dropped yet. */
export function auditWindow(query: AuditQuery, { now, historyFrom }: HistoryBounds): AuditWindow {
  const to = earlier(query.to ?? now, now);
  const from = query.from ?? new Date(to.getTime() - DAY_MS);
  return { from: earlier(later(from, historyFrom ?? from), to), to };
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
