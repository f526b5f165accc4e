import { useState } from 'react';

import { Button } from '../components/button.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { useMay } from '../session/identity.ts';
import { useFunctions } from './use-functions.ts';
import type { FunctionDialog } from './function-dialog.ts';
import { FunctionDialogs } from './function-dialogs.tsx';
import { FunctionsList } from './functions-list.tsx';

/** The functions of the account, how they do, and what can be done with them. */
export function FunctionsPage() {
  const [dialog, setDialog] = useState<FunctionDialog | null>(null);
  const isKeptHere = useFunctions().data !== null;
  const mayCreate = useMay('write') && isKeptHere;
  return (
    <>
      <PageHeader
        title="Functions"
        description="Where the requests of jobs go, and how they did in the last hour."
        actions={
          mayCreate && (
            <Button variant="primary" onPress={() => setDialog({ kind: 'create' })}>
              New function
            </Button>
          )
        }
      />
      <FunctionsList onAsk={setDialog} />
      <FunctionDialogs dialog={dialog} onChange={setDialog} />
    </>
  );
}
