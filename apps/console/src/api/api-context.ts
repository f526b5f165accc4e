import { createContext, useContext } from 'react';

import type { Api } from './api.ts';

export const ApiContext = createContext<Api | null>(null);

/** The client of the api. */
export function useApi(): Api {
  const api = useContext(ApiContext);
  if (api === null) throw new Error('useApi outside of ApiContext');
  return api;
}
