import type { AutomationFunction } from '../api/automation-function.ts';
import { CopyableId } from '../components/copyable-id.tsx';
import { Fact, Facts } from '../components/facts.tsx';
import { Panel } from '../components/panel.tsx';
import { Nothing, Time } from '../components/time.tsx';
import { HeaderList } from './header-list.tsx';

/** What is set of a function. */
export function SettingsPanel({ fn }: { fn: AutomationFunction }) {
  return (
    <Panel title="Settings">
      <Facts>
        <Fact label="Time-out">{fn.timeout_seconds} s</Fact>
        <Fact label="Created">
          <Time at={fn.created_at} />
        </Fact>
        <Fact label="Changed">
          <Time at={fn.updated_at} />
        </Fact>
        <Fact label="Function id">
          <CopyableId id={fn.id} />
        </Fact>
        <Fact label="Headers">
          {Object.keys(fn.headers).length === 0 ? <Nothing /> : <HeaderList headers={fn.headers} />}
        </Fact>
      </Facts>
    </Panel>
  );
}
