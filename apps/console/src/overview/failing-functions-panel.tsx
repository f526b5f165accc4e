import type { FailingFunction, Overview } from '../api/overview.ts';
import { Panel } from '../components/panel.tsx';
import { NumberCell, PlainTable } from '../components/plain-table.tsx';
import { functionPath } from '../functions/function-path.ts';
import { percentText } from '../components/percent-text.ts';
import { OwnedLink } from './owned-link.tsx';
import styles from './overview-page.module.css';

const COLUMNS = [{ label: 'Function' }, { label: 'Failed', isNumber: true }, { label: 'Why, the last time' }];

/** The functions with the most failures in the last hour. */
export function FailingFunctionsPanel({ failing }: { failing: Overview['failing_functions'] }) {
  return (
    <Panel title="Failing functions, last hour">
      {failing.functions.length === 0 ? (
        <p className={styles.nothing}>No function has failed.</p>
      ) : (
        <PlainTable label="Failing functions" columns={COLUMNS}>
          {failing.functions.map((each) => (
            <FunctionRow key={`${each.account_id} ${each.function_id}`} failing={each} />
          ))}
        </PlainTable>
      )}
    </Panel>
  );
}

function FunctionRow({ failing }: { failing: FailingFunction }) {
  const { function_id: id, name, failed, finished } = failing;
  return (
    <tr>
      <td>
        <OwnedLink accountId={failing.account_id} to={functionPath(id)}>
          {name ?? id}
        </OwnedLink>
      </td>
      <NumberCell>
        {failed.toLocaleString()} of {finished.toLocaleString()}
        <div className={styles.beside}>{percentText(failed / finished)}</div>
      </NumberCell>
      <td className={styles.reason}>{failing.last_reason}</td>
    </tr>
  );
}
