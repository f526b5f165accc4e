import type { FunctionHealth } from '../api/function-health.ts';
import { Duration } from '../components/duration.tsx';
import { Fact, Facts } from '../components/facts.tsx';
import { Notice } from '../components/notice.tsx';
import { Panel } from '../components/panel.tsx';
import { Nothing, Time } from '../components/time.tsx';
import styles from './health-panel.module.css';
import { ShareBar } from './share-bar.tsx';
import { WaitingBadge } from './waiting-badge.tsx';

/** How a function did in the last hour. */
export function HealthPanel({ health }: { health: FunctionHealth | undefined }) {
  return (
    <Panel title="Last hour">
      {health === undefined ? (
        <p className={styles.none}>No execution has invoked it in the last hour.</p>
      ) : (
        <Health health={health} />
      )}
    </Panel>
  );
}

function Health({ health }: { health: FunctionHealth }) {
  const { finished, failed, failing_share: share, duration_ms: duration, last_failure: failure } = health;
  return (
    <div className={styles.health}>
      {health.waiting > 0 && (
        <Notice>
          Its circuit breaker is open: most of its attempts failed, so it is left alone until a probe is
          answered. Executions wait meanwhile, without using up attempts.
        </Notice>
      )}
      <Facts>
        <Fact label="Executions finished">{finished}</Fact>
        <Fact label="Failed">{failed}</Fact>
        <Fact label="Failing">{share === null ? <Nothing /> : <ShareBar share={share} of={finished} />}</Fact>
        <Fact label="Half took at most">
          <Duration ms={duration.p50} />
        </Fact>
        <Fact label="95 % took at most">
          <Duration ms={duration.p95} />
        </Fact>
        <Fact label="Waiting for it">
          {health.waiting === 0 ? <Nothing /> : <WaitingBadge count={health.waiting} />}
        </Fact>
      </Facts>
      {failure !== null && (
        <Notice tone="danger">
          Last failure, <Time at={failure.at} />: {failure.reason ?? 'no reason is known'}
        </Notice>
      )}
    </div>
  );
}
