/** The history of executions, in partitions by when they were scheduled for. */
export const HISTORY = 'automation_executions';
/** What lies outside of the others. */
export const DEFAULT_PARTITION = 'automation_executions_default';

const NAME = /_p(\d{4})(\d{2})(\d{2})(?:_(\d{2})(\d{2})(\d{2}))?$/;

/**
 * The name of the partition that begins at an instant, a whole second: `…_p20260212` at midnight, `…_p20260212_143000`
 * within the day. Names sort as their partitions follow each other.
 */
export function partitionName(from: Date): string {
  const [day = '', time = ''] = from.toISOString().replaceAll(/[-:]/g, '').split(/[T.]/);
  return `${HISTORY}_p${day}${time === '000000' ? '' : `_${time}`}`;
}

/** When the partition of that name begins; null for the default partition. */
export function partitionStart(name: string): Date | null {
  const [match, year, month, day, hour = '00', minute = '00', second = '00'] = NAME.exec(name) ?? [];
  return match === undefined ? null : new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
