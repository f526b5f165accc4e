import { Link } from 'react-router';

import type { Execution, Phase } from '../api/execution.ts';
import { CodeView } from '../components/code-view.tsx';
import { functionPath } from '../functions/function-path.ts';
import { useFunction } from '../functions/use-function.ts';
import styles from './replay.module.css';
import { replayCommand, variableOf } from './replay-command.ts';
import type { PhaseName } from './waterfall.ts';

interface ReplayProps {
  execution: Execution;
  phase: PhaseName;
  recorded: Phase;
}

/** A command that makes the request of a phase once more, from the user's own machine. */
export function Replay({ execution, phase, recorded }: ReplayProps) {
  const { data: fn } = useFunction(execution.function_id);
  const ownHeaders = Object.keys(fn?.headers ?? {});
  const command = replayCommand({ execution, phase, recorded, url: fn?.url ?? null, ownHeaders });
  const variables = [...(fn === undefined ? ['FUNCTION_URL'] : []), ...ownHeaders.map(variableOf)];
  return (
    <details className={styles.replay}>
      <summary className={styles.summary}>Replay the {phase} by curl</summary>
      <CodeView label={`The ${phase} as curl`} text={command} />
      <p className={styles.note}>
        It can’t be signed: the secret stays with the service, and a signature counts for a few minutes. A
        function that verifies signatures refuses it; the{' '}
        <Link to={functionPath(execution.function_id)}>test call</Link> is signed. The{' '}
        <code>Idempotency-Key</code> is the same, so a function that remembers it does nothing twice.
      </p>
      {variables.length > 0 && (
        <p className={styles.note}>
          Before it, set <code>{variables.join(', ')}</code>, whose values are not shown here.
        </p>
      )}
    </details>
  );
}
