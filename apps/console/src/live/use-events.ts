import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { useApi } from '../api/api-context.ts';
import { queryKeys } from '../api/query-keys.ts';
import { EventReader } from './event-reader.ts';
import { Invalidation } from './invalidation.ts';
import { useLiveState } from './live-context.ts';

interface EventSettings {
  execution_events: boolean;
}

/** Keeps what is cached up to date by events, on one connection. For the layout alone, which is there as long as the session. */
export function useEvents(): void {
  const api = useApi();
  const queries = useQueryClient();
  const live = useLiveState();
  const { data: settings } = useQuery({
    queryKey: queryKeys.eventSettings(),
    queryFn: ({ signal }) => api.get<EventSettings>('/automation/events/settings', {}, signal),
    refetchInterval: 60_000,
  });
  useEffect(() => live.setExecutionEvents(settings?.execution_events ?? false), [live, settings]);
  useEffect(() => {
    const invalidation = new Invalidation(queries);
    const reader = new EventReader({
      api,
      onEvent: (event) => invalidation.add(event),
      onOpen: (isOpen) => live.setOpen(isOpen),
    });
    void reader.run();
    return () => {
      reader.stop();
      invalidation.stop();
      live.setOpen(false);
    };
  }, [api, queries, live]);
}
