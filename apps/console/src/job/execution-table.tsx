import {
  Cell,
  Collection,
  Column,
  Row,
  Table,
  TableBody,
  TableHeader,
  TableLayout,
  TableLoadMoreItem,
  Virtualizer,
} from 'react-aria-components';
import { useNavigate } from 'react-router';

import { classNames } from '../components/class-names.ts';
import { useIsPhone } from '../components/use-is-phone.ts';
import { EXECUTION_COLUMNS } from './execution-columns.tsx';
import type { ExecutionRow } from './execution-row.ts';
import styles from './execution-table.module.css';

interface ExecutionTableProps {
  rows: readonly ExecutionRow[];
  isReadingMore: boolean;
  onMore: (() => void) | undefined;
}

const ROW_HEIGHT = 40;
const HEADER_HEIGHT = 32;
const MOST_SHOWN = 16;
const LAYOUT = { rowHeight: ROW_HEIGHT, headingHeight: HEADER_HEIGHT, loaderHeight: ROW_HEIGHT };

/** Executions in rows, of which those in view are drawn. A row leads to its execution. */
export function ExecutionTable({ rows, isReadingMore, onMore }: ExecutionTableProps) {
  const navigate = useNavigate();
  const isPhone = useIsPhone();
  const columns = EXECUTION_COLUMNS.filter(({ isForWide = false }) => !isPhone || !isForWide);
  const height = HEADER_HEIGHT + ROW_HEIGHT * Math.min(rows.length, MOST_SHOWN) + 2;
  return (
    <Virtualizer layout={TableLayout} layoutOptions={LAYOUT}>
      <Table
        aria-label="Executions"
        className={styles.table}
        style={{ height }}
        onRowAction={(id) => void navigate(`/executions/${id}`)}
      >
        <TableHeader columns={columns}>
          {({ id, label, width, minWidth, isNumber = false }) => (
            <Column
              id={id}
              width={width}
              minWidth={minWidth}
              isRowHeader={id === 'status' || id === 'at'}
              className={classNames(styles.heading, isNumber && styles.number)}
            >
              {label}
            </Column>
          )}
        </TableHeader>
        <TableBody>
          <Collection items={rows} dependencies={[columns.length]}>
            {(row) => (
              <Row className={styles.row} columns={columns} textValue={`${row.status} ${row.scheduledFor}`}>
                {({ cell, isNumber = false }) => (
                  <Cell className={classNames(styles.cell, isNumber && styles.number)}>{cell(row)}</Cell>
                )}
              </Row>
            )}
          </Collection>
          <TableLoadMoreItem onLoadMore={onMore} isLoading={isReadingMore} className={styles.more}>
            Reading more …
          </TableLoadMoreItem>
        </TableBody>
      </Table>
    </Virtualizer>
  );
}
