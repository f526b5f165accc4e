import type { PhaseRecord } from '@automation/domain';

import type { StoredPhaseRecord } from './tables.ts';

export function toStored(record: PhaseRecord): StoredPhaseRecord {
  return {
    ...record,
    startedAt: record.startedAt.toISOString(),
    completedAt: record.completedAt.toISOString(),
  };
}

export function fromStored(stored: StoredPhaseRecord): PhaseRecord {
  return { ...stored, startedAt: new Date(stored.startedAt), completedAt: new Date(stored.completedAt) };
}
