import { ApiError } from '../api/api-error.ts';
import { EventReader } from './event-reader.ts';
import type { ServiceEvent } from './service-event.ts';

const frame = (id: number, type: string) =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify({ id: String(id), type, job_id: 'j' })}\n\n`;

const streamOf = (text: string) => new Response(text).body ?? new ReadableStream();

beforeEach(() => import.meta.jest.useFakeTimers());
afterEach(() => import.meta.jest.useRealTimers());

/** A reader of what `answers` hold, one after the other: texts of streams that end, or errors. */
function setup(answers: (string | Error)[]) {
  const asked: Record<string, string>[] = [];
  const told: ServiceEvent[] = [];
  const states: string[] = [];
  const reader = new EventReader({
    api: {
      stream: async (_path, headers) => {
        asked.push(headers);
        const answer = answers.shift() ?? new Error('gone');
        if (answer instanceof Error) throw answer;
        return streamOf(answer);
      },
    },
    onEvent: (event) => told.push(event),
    onState: (state) => states.push(state),
  });
  return { asked, told, states, reader };
}

const pass = (ms: number) => import.meta.jest.advanceTimersByTimeAsync(ms);

test('events are told, and after a break the stream goes on after the last one', async () => {
  const texts = [`retry: 2000\n: at 4\nid: 4\n\n${frame(5, 'job.created')}`, frame(6, 'job.updated')];
  const { asked, told, states, reader } = setup(texts);
  reader.start();
  await pass(4_500);
  reader.stop();
  expect(told.map(({ type }) => type)).toEqual(['job.created', 'job.updated']);
  expect(asked).toEqual([{}, { 'Last-Event-ID': '5' }, { 'Last-Event-ID': '6' }]);
  expect(states.slice(0, 4)).toEqual(['live', 'reconnecting', 'live', 'reconnecting']);
});

test('after three failures in a row there is polling, until the stream is back', async () => {
  const { states, reader } = setup([new Error(), new Error(), new Error(), frame(1, 'job.created')]);
  reader.start();
  await pass(30_000);
  reader.stop();
  expect(states.slice(0, 4)).toEqual(['reconnecting', 'reconnecting', 'polling', 'live']);
});

test('it does not ask again before a Retry-After', async () => {
  const refused = new ApiError({ status: 429, code: 'RATE_LIMITED', message: '', retryAfterMs: 90_000 });
  const { asked, reader } = setup([refused]);
  reader.start();
  await pass(89_000);
  expect(asked).toHaveLength(1);
  await pass(1_000);
  expect(asked).toHaveLength(2);
  reader.stop();
});

test('one that was stopped and is started again goes on after the last event', async () => {
  const { asked, reader } = setup([frame(7, 'job.created')]);
  reader.start();
  await pass(0);
  reader.stop();
  reader.start();
  await pass(0);
  reader.stop();
  expect(asked).toEqual([{}, { 'Last-Event-ID': '7' }]);
});
