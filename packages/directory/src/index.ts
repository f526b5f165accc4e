export type { AccountDirectory, ListedAccount } from './account-directory.ts';
export {
  type AccountsServiceConfig,
  accountsServiceKeys,
  type FunctionsServiceConfig,
  functionsServiceKeys,
} from './directory-keys.ts';
export type { FunctionDirectory, ListedFunction } from './function-directory.ts';
export { type RemoteAccounts, remoteAccounts } from './remote-accounts.ts';
export { type RemoteFunctions, remoteFunctions } from './remote-functions.ts';
export { storedAccounts } from './stored-accounts.ts';
