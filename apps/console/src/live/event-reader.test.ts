import { EventReader } from './event-reader.ts';
import type { ServiceEvent } from './service-event.ts';

const frame = (id: number, type: string) =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify({ id: String(id), type, job_id: 'j' })}\n\n`;

const streamOf = (text: string) => new Response(text).body ?? new ReadableStream();

beforeEach(() => import.meta.jest.useFakeTimers());
afterEach(() => import.meta.jest.useRealTimers());

test('events are told, and after a break the stream goes on after the last one', async () => {
  const asked: Record<string, string>[] = [];
  const told: ServiceEvent[] = [];
  const open: boolean[] = [];
  const texts = [`retry: 2000\n: at 4\nid: 4\n\n${frame(5, 'job.created')}`, frame(6, 'job.updated')];
  const reader = new EventReader({
    api: {
      stream: async (_path, headers) => {
        asked.push(headers);
        const text = texts.shift();
        if (text === undefined) {
          reader.stop();
          throw new Error('gone');
        }
        return streamOf(text);
      },
    },
    onEvent: (event) => told.push(event),
    onOpen: (isOpen) => open.push(isOpen),
  });
  const running = reader.run();
  await import.meta.jest.advanceTimersByTimeAsync(10_000);
  await running;
  expect(told.map(({ type }) => type)).toEqual(['job.created', 'job.updated']);
  expect(asked).toEqual([{}, { 'Last-Event-ID': '5' }, { 'Last-Event-ID': '6' }]);
  expect(open).toEqual([true, false, true, false]);
});
