import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { useApi } from '../api/api-context.ts';
import { queryKeys } from '../api/query-keys.ts';
import type { Upcoming } from '../api/upcoming.ts';
import { useDebounced } from '../components/use-debounced.ts';

const PAUSE_MS = 250;
const REREAD_MS = 30_000;

/** What a schedule means and when it runs next, asked for when typing pauses; the last answer stays until the next one. */
export function useSchedulePreview(typedSchedule: string, typedTimezone: string) {
  const api = useApi();
  const schedule = useDebounced(typedSchedule.trim(), PAUSE_MS);
  const timezone = useDebounced(typedTimezone.trim(), PAUSE_MS);
  return useQuery({
    queryKey: queryKeys.schedulePreview(schedule, timezone),
    queryFn: () =>
      api.send<Upcoming>('/automation/schedules/preview', { method: 'POST', body: { schedule, timezone } }),
    enabled: schedule !== '',
    placeholderData: keepPreviousData,
    refetchInterval: REREAD_MS,
  });
}
