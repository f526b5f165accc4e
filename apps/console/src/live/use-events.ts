import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { useApi } from '../api/api-context.ts';
import { queryKeys } from '../api/query-keys.ts';
import { EventReader } from './event-reader.ts';
import { Invalidation } from './invalidation.ts';
import { useLiveState } from './live-context.ts';
import { onReturn } from './on-return.ts';
import { whileVisible } from './while-visible.ts';

interface EventSettings {
  execution_events: boolean;
}

/** Keeps what is cached up to date by events, on one connection. For the layout alone, which is there as long as the session. */
export function useEvents(): void {
  useExecutionEvents();
  const api = useApi();
  const queries = useQueryClient();
  const live = useLiveState();
  useEffect(() => {
    const invalidation = new Invalidation(queries);
    const reader = new EventReader({
      api,
      onEvent: (event) => invalidation.add(event),
      onState: (state) => live.setStream(state),
    });
    const endReading = whileVisible(reader, document);
    const endWatching = onReturn(live, window, () => {
      reader.stop();
      reader.start();
      void queries.invalidateQueries();
    });
    return () => {
      endWatching();
      endReading();
      invalidation.stop();
      live.setStream('connecting');
    };
  }, [api, queries, live]);
}

/** Tells whether the account's executions are events, on which it depends how often is read. */
function useExecutionEvents(): void {
  const api = useApi();
  const live = useLiveState();
  const { data: settings } = useQuery({
    queryKey: queryKeys.eventSettings(),
    queryFn: ({ signal }) => api.get<EventSettings>('/automation/events/settings', {}, signal),
    refetchInterval: 60_000,
  });
  useEffect(() => live.setExecutionEvents(settings?.execution_events ?? false), [live, settings]);
}
