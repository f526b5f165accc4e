import { Link } from 'react-router';

import type { Execution } from '../api/execution.ts';
import { CopyableId } from '../components/copyable-id.tsx';
import { Duration } from '../components/duration.tsx';
import { Fact, Facts } from '../components/facts.tsx';
import { Time } from '../components/time.tsx';
import { functionPath } from '../functions/function-path.ts';
import { useFunction } from '../functions/use-function.ts';
import { triggerText } from './trigger-text.ts';
import { lagOf } from './waterfall.ts';

/** What triggered an execution, and when what happened. */
export function ExecutionFacts({ execution }: { execution: Execution }) {
  const { data: fn } = useFunction(execution.function_id);
  return (
    <Facts>
      <Fact label="Trigger">{triggerText(execution.trigger)}</Fact>
      <Fact label="Scheduled for">
        <Time at={execution.scheduled_for} />
      </Fact>
      <Fact label="Lag">
        <Duration ms={lagOf(execution)} />
      </Fact>
      <Fact label="Started">
        <Time at={execution.started_at} />
      </Fact>
      <Fact label="Finished">
        <Time at={execution.completed_at} />
      </Fact>
      <Fact label="Duration">
        <Duration ms={execution.duration_ms} />
      </Fact>
      <Fact label="Function">
        <Link to={functionPath(execution.function_id)}>{fn?.name ?? execution.function_id}</Link>
      </Fact>
      <Fact label="Execution id">
        <CopyableId id={execution.id} />
      </Fact>
    </Facts>
  );
}
