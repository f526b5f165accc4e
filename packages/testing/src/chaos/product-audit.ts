import { type ChaosApi, field } from './chaos-api.ts';
import type { ProductAudit } from './evidence.ts';

/** What the service says of its own ledger. */
export async function readAudit(api: Pick<ChaosApi, 'insist'>): Promise<ProductAudit> {
  const { status, body } = await api.insist('GET', '/automation/audit');
  if (status !== 200) throw new Error(`the audit was answered ${status}: ${JSON.stringify(body)}`);
  const count = (name: string) => Number(field(body, name));
  const defects = field(body, 'defects');
  return {
    expected: count('expected'),
    due: count('due'),
    open: count('open'),
    unaccounted: count('unaccounted'),
    unexpected: count('unexpected'),
    unreadable: count('unreadable'),
    defects: (Array.isArray(defects) ? defects : []).map((defect) => JSON.stringify(defect)),
  };
}
