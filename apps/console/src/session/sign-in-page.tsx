import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Form } from 'react-aria-components';

import { createApi } from '../api/api.ts';
import { ApiError } from '../api/api-error.ts';
import { queryKeys } from '../api/query-keys.ts';
import { Button } from '../components/button.tsx';
import { TextField } from '../components/text-field.tsx';
import { usePageTitle } from '../components/use-page-title.ts';
import { Logo } from '../layout/logo.tsx';
import type { Identity } from './identity.ts';
import { useSession } from './session-context.ts';
import styles from './sign-in-page.module.css';

/** Asks for an API key. One that the service takes becomes the session's. */
export function SignInPage() {
  usePageTitle('Sign in');
  const session = useSession();
  const signIn = useSignIn();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const key = new FormData(event.currentTarget).get('key');
    if (typeof key === 'string') signIn.mutate(key.trim());
  };
  const because = session.interruptedBecause();
  return (
    <main className={styles.page}>
      <Form className={styles.card} onSubmit={submit} validationBehavior="aria">
        <Logo />
        <h1 className={styles.title}>Sign in to the console</h1>
        {because !== null && (
          <p className={styles.because} role="status">
            {because}
          </p>
        )}
        <TextField
          label="API key"
          name="key"
          type="password"
          autoComplete="current-password"
          autoFocus
          isRequired
          description="It is kept in this tab, until you close it or sign out."
          error={signIn.error === null ? undefined : messageOf(signIn.error)}
        />
        <Button type="submit" variant="primary" isPending={signIn.isPending}>
          Sign in
        </Button>
      </Form>
    </main>
  );
}

/** Tries a key, and begins the session with it if it is one. */
function useSignIn() {
  const session = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (key: string) => {
      if (key === '') throw new Error('Enter an API key.');
      const api = createApi({ key: () => key, onRefused: () => undefined });
      return { key, identity: await api.get<Identity>('/identity') };
    },
    onSuccess: ({ key, identity }) => {
      forgetOthers(queries, identity);
      queries.setQueryData(queryKeys.identity(), identity);
      session.signIn(key);
    },
  });
}

/** What was read for the same account stays, until it is read again: forms may have begun with it. */
function forgetOthers(queries: QueryClient, { account_id: accountId }: Identity): void {
  const before = queries.getQueryData<Identity>(queryKeys.identity());
  if (before?.account_id === accountId) void queries.invalidateQueries();
  else queries.clear();
}

function messageOf(error: Error): string {
  const isRefused = error instanceof ApiError && error.status === 401;
  return isRefused ? 'The service does not know this key, or it has expired or been revoked.' : error.message;
}
