import { type ReactNode, useState } from 'react';
import { useNavigate, useParams } from 'react-router';

import type { AutomationFunction } from '../api/automation-function.ts';
import { ActionMenu } from '../components/action-menu.tsx';
import { Button } from '../components/button.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { LoadingState } from '../components/loading-state.tsx';
import { Notice } from '../components/notice.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { StaleNotice } from '../components/stale-notice.tsx';
import { useMay } from '../session/identity.ts';
import { useFunctions } from './use-functions.ts';
import type { FunctionDialog } from './function-dialog.ts';
import { FunctionDialogs } from './function-dialogs.tsx';
import styles from './function-page.module.css';
import { HealthPanel } from './health-panel.tsx';
import { JobsPanel } from './jobs-panel.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { TestPanel } from './test-panel.tsx';
import { useFunction } from './use-function.ts';
import { useFunctionHealth } from './use-function-health.ts';

const PARENT = { to: '/functions', label: 'Functions' };

/** A function: how it does, a test call, and what is set of it. */
export function FunctionPage() {
  const { id = '' } = useParams();
  const { data: fn, error, dataUpdatedAt, refetch } = useFunction(id);
  const retry = () => void refetch();
  const functions = useFunctions();
  if (functions.data === null) return <ForeignFunction id={id} />;
  if (fn !== undefined) {
    return (
      <ShownFunction fn={fn}>
        {error !== null && <StaleNotice error={error} readAt={dataUpdatedAt} onRetry={retry} />}
      </ShownFunction>
    );
  }
  return (
    <>
      <PageHeader title="Function" parent={PARENT} />
      {error === null || functions.isPending ? (
        <LoadingState rows={10} />
      ) : (
        <ErrorState error={error} onRetry={retry} />
      )}
    </>
  );
}

/** The children stand below the head of the page. */
function ShownFunction({ fn, children }: { fn: AutomationFunction; children: ReactNode }) {
  const [dialog, setDialog] = useState<FunctionDialog | null>(null);
  const navigate = useNavigate();
  const mayWrite = useMay('write');
  return (
    <>
      <PageHeader
        title={fn.name}
        parent={PARENT}
        description={fn.url}
        actions={mayWrite && <Actions fn={fn} onAsk={setDialog} />}
      />
      {children}
      <div className={styles.page}>
        <div className={styles.column}>
          <Health id={fn.id} />
          {mayWrite && <TestPanel functionId={fn.id} />}
        </div>
        <div className={styles.column}>
          <SettingsPanel fn={fn} />
          <JobsPanel functionId={fn.id} />
        </div>
      </div>
      <FunctionDialogs
        dialog={dialog}
        onChange={setDialog}
        onDeleted={() => void navigate('/functions', { replace: true })}
      />
    </>
  );
}

function Actions({ fn, onAsk }: { fn: AutomationFunction; onAsk: (dialog: FunctionDialog) => void }) {
  return (
    <>
      <Button onPress={() => onAsk({ kind: 'edit', fn })}>Edit</Button>
      <Button onPress={() => onAsk({ kind: 'rotate', fn })}>Rotate secret</Button>
      <ActionMenu
        label={`More actions on ${fn.name}`}
        actions={[{ label: 'Delete', isDanger: true, onAction: () => onAsk({ kind: 'delete', fn }) }]}
      />
    </>
  );
}

/** Of a function that another service keeps, no more is known than how it does and who uses it. */
function ForeignFunction({ id }: { id: string }) {
  return (
    <>
      <PageHeader title={id} parent={PARENT} />
      <div className={styles.column}>
        <Notice>
          Another service keeps this function (<code>FUNCTIONS_URL</code>), so it is changed there.
        </Notice>
        <Health id={id} />
        <JobsPanel functionId={id} />
      </div>
    </>
  );
}

function Health({ id }: { id: string }) {
  const { data, error, refetch } = useFunctionHealth();
  if (data !== undefined) return <HealthPanel health={data.find((each) => each.function_id === id)} />;
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <LoadingState rows={4} />;
}
