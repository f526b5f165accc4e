import type { Replica } from '../api/overview.ts';
import { Ago } from '../components/ago.tsx';
import { Panel } from '../components/panel.tsx';
import { NumberCell, PlainTable } from '../components/plain-table.tsx';
import { Time } from '../components/time.tsx';
import styles from './overview-page.module.css';

const COLUMNS = [
  { label: 'Service' },
  { label: 'Replica' },
  { label: 'Connections', isNumber: true },
  { label: 'Since' },
  { label: 'Last active' },
];

/** The processes that are connected to the database. */
export function ReplicasPanel({ replicas }: { replicas: readonly Replica[] }) {
  return (
    <Panel title={`Replicas (${replicas.length})`}>
      <PlainTable label="Replicas" columns={COLUMNS}>
        {replicas.map((replica) => (
          <tr key={`${replica.service} ${replica.name}`}>
            <td>{replica.service}</td>
            <td>{replica.name}</td>
            <NumberCell>{replica.connections}</NumberCell>
            <td className={styles.time}>
              <Time at={replica.connected_since} />
            </td>
            <td className={styles.time}>
              <Ago at={replica.last_active_at} />
            </td>
          </tr>
        ))}
      </PlainTable>
    </Panel>
  );
}
