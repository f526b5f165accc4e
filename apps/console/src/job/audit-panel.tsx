import type { JobAudit } from '../api/job-audit.ts';
import { durationText } from '../components/duration-text.ts';
import { ErrorState } from '../components/error-state.tsx';
import { AlertIcon, CheckIcon } from '../components/icons.tsx';
import { OutcomeMark } from '../components/outcome-mark.tsx';
import { Panel } from '../components/panel.tsx';
import { Time } from '../components/time.tsx';
import { auditCounts, auditDefects } from './audit-counts.ts';
import styles from './audit-panel.module.css';
import { useJobAudit } from './use-job-audit.ts';

const DAY_MS = 86_400_000;

/** The schedule of the last day compared with the ledger. Nothing is louder than an occurrence that is unaccounted for. */
export function AuditPanel({ jobId }: { jobId: string }) {
  const { data, error, refetch } = useJobAudit(jobId);
  return (
    <Panel title="Ledger, last 24 hours">
      <div className={styles.audit}>
        {data !== undefined && <Audit audit={data} />}
        {data === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      </div>
    </Panel>
  );
}

function Audit({ audit }: { audit: JobAudit }) {
  const counts = auditCounts(audit);
  const isShorter = Date.parse(audit.to) - Date.parse(audit.from) < DAY_MS;
  return (
    <>
      <Verdict audit={audit} />
      <div className={styles.bar} aria-hidden="true">
        {counts.map(({ outcome, color, count }) => (
          <span key={outcome} style={{ flexGrow: count, background: color }} />
        ))}
      </div>
      <dl className={styles.counts}>
        {counts.map(({ outcome, label, count }) => (
          <div key={outcome} className={styles.count}>
            <dt>
              <OutcomeMark outcome={outcome} /> {label}
            </dt>
            <dd>{count.toLocaleString()}</dd>
          </div>
        ))}
        {audit.due > 0 && <Count label="Due, not claimed yet" count={audit.due} />}
        <Count label="Run by hand" count={audit.manual} />
      </dl>
      <p className={styles.lateness}>
        {audit.lateness_ms !== null && `${latenessText(audit.lateness_ms)} `}
        {isShorter && (
          <>
            Since <Time at={audit.from} />.
          </>
        )}
      </p>
    </>
  );
}

function latenessText({ p50, p95, max }: NonNullable<JobAudit['lateness_ms']>): string {
  return `Began ${durationText(p50)} late (p50), ${durationText(p95)} (p95), ${durationText(max)} at most.`;
}

function Count({ label, count }: { label: string; count: number }) {
  return (
    <div className={styles.count}>
      <dt>{label}</dt>
      <dd>{count.toLocaleString()}</dd>
    </div>
  );
}

function Verdict({ audit }: { audit: JobAudit }) {
  const defects = auditDefects(audit);
  if (defects.length === 0) {
    return (
      <p className={styles.good}>
        <CheckIcon />
        {audit.expected === 0
          ? 'No occurrence was due.'
          : `All ${audit.expected.toLocaleString()} occurrences are accounted for.`}
      </p>
    );
  }
  return (
    <div className={styles.bad} role="alert">
      <AlertIcon />
      <div>
        {defects.map((defect) => (
          <p key={defect}>{defect}</p>
        ))}
        <p>This is a defect of the service: tell whoever runs it.</p>
      </div>
    </div>
  );
}
