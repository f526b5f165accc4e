import type { Account } from '@automation/domain';

/** What is known of an account, whoever keeps it. */
export type ListedAccount = Pick<Account, 'id' | 'name'>;

/** Knows the accounts: the manifest's svc-accounts, built in or external (SPEC 5). */
export interface AccountDirectory {
  /** The account of that id. Throws UNAVAILABLE if whoever keeps the accounts can't be asked. */
  find(id: string): Promise<ListedAccount | undefined>;
}
