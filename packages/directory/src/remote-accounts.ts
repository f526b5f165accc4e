import type { Logger } from '@automation/service-kit';
import Joi from 'joi';

import type { AccountDirectory, ListedAccount } from './account-directory.ts';
import type { AccountsServiceConfig } from './directory-keys.ts';
import { RemoteRecords, type RemoteService } from './remote-records.ts';

const schema = Joi.object<ListedAccount>({
  id: Joi.valid(Joi.ref('$id')).required(),
  name: Joi.string().allow('').required(),
})
  .required()
  .unknown();

/** Accounts that an external service keeps: `GET /accounts/{id}`. */
export class RemoteAccounts implements AccountDirectory {
  readonly #records: RemoteRecords<ListedAccount>;

  constructor(service: RemoteService) {
    this.#records = new RemoteRecords({ ...service, name: 'accounts', schema });
  }

  find(id: string): Promise<ListedAccount | undefined> {
    return this.#records.find({ id });
  }

  close(): Promise<void> {
    return this.#records.close();
  }
}

/** The accounts of ACCOUNTS_URL; null if it is not set. */
export function remoteAccounts(
  { ACCOUNTS_URL: url, ACCOUNTS_TOKEN: token }: AccountsServiceConfig,
  logger: Logger,
): RemoteAccounts | null {
  return url === undefined ? null : new RemoteAccounts({ url, token, logger });
}
