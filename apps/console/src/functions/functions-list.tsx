import { useState } from 'react';

import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { LoadingState } from '../components/loading-state.tsx';
import { Notice } from '../components/notice.tsx';
import { SearchField } from '../components/search-field.tsx';
import { StaleNotice } from '../components/stale-notice.tsx';
import { useMay } from '../session/identity.ts';
import type { FunctionDialog } from './function-dialog.ts';
import { type FunctionRow, functionRows, rowsWith, sortedRows, WORST_FIRST } from './function-row.ts';
import { FunctionTable } from './function-table.tsx';
import styles from './functions-list.module.css';
import { useFunctionHealth } from './use-function-health.ts';
import { useFunctions } from './use-functions.ts';

interface FunctionsListProps {
  onAsk: (dialog: FunctionDialog) => void;
}

/** The functions with their health, or why there are none to show. */
export function FunctionsList({ onAsk }: FunctionsListProps) {
  const functions = useFunctions();
  const health = useFunctionHealth();
  if (functions.data === undefined) {
    return functions.error === null ? (
      <LoadingState rows={8} />
    ) : (
      <ErrorState error={functions.error} onRetry={() => void functions.refetch()} />
    );
  }
  const isKeptHere = functions.data !== null;
  const rows = functionRows(functions.data, health.data ?? []);
  return (
    <div className={styles.list}>
      {!isKeptHere && (
        <Notice>
          Another service keeps the functions (<code>FUNCTIONS_URL</code>), so they are created and changed
          there. Those that were invoked in the last hour are shown by their ids.
        </Notice>
      )}
      {health.error !== null && (
        <StaleNotice
          error={health.error}
          readAt={health.dataUpdatedAt}
          onRetry={() => void health.refetch()}
        />
      )}
      {rows.length === 0 ? (
        <NoFunctions isKeptHere={isKeptHere} onAsk={onAsk} />
      ) : (
        <Rows rows={rows} onAsk={onAsk} />
      )}
    </div>
  );
}

/** As many rows as are shown at first: more are seldom of interest, and all of them would be slow. */
const SHOWN_AT_FIRST = 100;

function Rows({ rows, onAsk }: FunctionsListProps & { rows: readonly FunctionRow[] }) {
  const [text, setText] = useState('');
  const [order, setOrder] = useState(WORST_FIRST);
  const [most, setMost] = useState(SHOWN_AT_FIRST);
  const found = sortedRows(rowsWith(rows, text), order);
  return (
    <>
      <div className={styles.search}>
        <SearchField label="Search functions" value={text} onChange={setText} />
      </div>
      {found.length === 0 ? (
        <EmptyState
          title="No function is called that"
          action={<Button onPress={() => setText('')}>Show all</Button>}
        />
      ) : (
        <FunctionTable rows={found.slice(0, most)} order={order} onOrderChange={setOrder} onAsk={onAsk} />
      )}
      {found.length > most && (
        <div>
          <Button onPress={() => setMost(most + SHOWN_AT_FIRST)}>Show more of {found.length}</Button>
        </div>
      )}
    </>
  );
}

function NoFunctions({ isKeptHere, onAsk }: FunctionsListProps & { isKeptHere: boolean }) {
  const mayCreate = useMay('write');
  if (!isKeptHere) return <EmptyState title="No function was invoked in the last hour" />;
  return (
    <EmptyState
      title="No functions yet"
      action={
        mayCreate && (
          <Button variant="primary" onPress={() => onAsk({ kind: 'create' })}>
            New function
          </Button>
        )
      }
    >
      A function is an HTTP server that answers POSTs with JSON. Jobs ask it whether to act, and tell it to
      act.
    </EmptyState>
  );
}
