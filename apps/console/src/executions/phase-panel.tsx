import type { Execution, Phase } from '../api/execution.ts';
import { CodeView } from '../components/code-view.tsx';
import { JsonView } from '../components/json-view.tsx';
import { Panel } from '../components/panel.tsx';
import { AttemptTable } from './attempt-table.tsx';
import { isOpen } from './is-open.ts';
import styles from './phase-panel.module.css';
import { Replay } from './replay.tsx';
import type { PhaseName } from './waterfall.ts';

interface PhasePanelProps {
  title: string;
  execution: Execution;
  phase: PhaseName;
}

/** What a phase sent, what came back, and in how many attempts. */
export function PhasePanel({ title, execution, phase }: PhasePanelProps) {
  const recorded = execution[phase];
  return (
    <Panel title={title}>
      {recorded === null ? (
        <p className={styles.none}>{whyNot(execution, phase)}</p>
      ) : (
        <Recorded title={title} execution={execution} phase={phase} recorded={recorded} />
      )}
    </Panel>
  );
}

function Recorded({ title, execution, phase, recorded }: PhasePanelProps & { recorded: Phase }) {
  const logs = recorded.logs.join('\n');
  return (
    <div className={styles.parts}>
      <AttemptTable label={`Attempts of the ${title.toLowerCase()}`} phase={recorded} />
      <JsonView label={`${title} request`} value={recorded.input} />
      <JsonView label={`${title} response`} value={recorded.output} />
      {logs !== '' && <CodeView label={`${title} logs`} text={logs} isWrapped />}
      <Replay execution={execution} phase={phase} recorded={recorded} />
    </div>
  );
}

/** Why a phase has no attempt that is recorded. */
function whyNot({ status, check }: Execution, phase: PhaseName): string {
  if (status === 'declined') return 'The check said that there is nothing to do.';
  if (status === 'skipped') return 'The occurrence was skipped, so no request was made.';
  if (phase === 'perform' && check?.status !== 'succeeded') return 'It follows a check that says yes.';
  return isOpen(status) ? 'No answer yet.' : 'There was no answer.';
}
