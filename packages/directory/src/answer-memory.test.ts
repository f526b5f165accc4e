import { AnswerMemory } from './answer-memory.ts';

const jest = import.meta.jest;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const DOWN = new Error('down');

/** A memory of a service that answers what it is told to, and how often it was asked. */
function setup() {
  const service: { answer: () => Promise<object | undefined>; asked: number } = {
    answer: async () => ({ version: 1 }),
    asked: 0,
  };
  const memory = new AnswerMemory<object>();
  const find = (key = 'key') =>
    memory.find(key, () => {
      service.asked += 1;
      return service.answer();
    });
  const goDown = () => {
    service.answer = () => Promise.reject(DOWN);
  };
  return { service, find, goDown };
}

test('an answer counts for 30 s, and each key has its own', async () => {
  const { service, find } = setup();
  expect(await find()).toEqual({ version: 1 });
  service.answer = async () => ({ version: 2 });
  jest.advanceTimersByTime(29_999);
  expect(await find()).toEqual({ version: 1 });
  expect(await find('other')).toEqual({ version: 2 });
  jest.advanceTimersByTime(1);
  expect(await find()).toEqual({ version: 2 });
  expect(service.asked).toBe(3);
});

test('all who ask at the same time share one request, its failure included', async () => {
  const { service, find, goDown } = setup();
  expect(await Promise.all([find(), find(), find()])).toHaveLength(3);
  expect(service.asked).toBe(1);
  goDown();
  const failed = await Promise.allSettled([find('other'), find('other')]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(service.asked).toBe(2);
});

test('that there is nothing counts for 5 s', async () => {
  const { service, find } = setup();
  service.answer = async () => undefined;
  expect(await find()).toBeUndefined();
  service.answer = async () => ({ version: 1 });
  jest.advanceTimersByTime(4_999);
  expect(await find()).toBeUndefined();
  jest.advanceTimersByTime(1);
  expect(await find()).toEqual({ version: 1 });
});

test('a known answer goes on counting for 5 minutes while the service is down', async () => {
  const { find, goDown } = setup();
  await find();
  goDown();
  jest.advanceTimersByTime(30_000);
  expect(await find()).toEqual({ version: 1 });
  jest.advanceTimersByTime(269_999);
  expect(await find()).toEqual({ version: 1 });
  jest.advanceTimersByTime(1);
  await expect(find()).rejects.toBe(DOWN);
});

test('that there is nothing does not go on counting: it may have been made by now', async () => {
  const { service, find, goDown } = setup();
  service.answer = async () => undefined;
  await find();
  goDown();
  jest.advanceTimersByTime(5_000);
  await expect(find()).rejects.toBe(DOWN);
});

test('after a failure the service is left alone for a second, whether or not there is an answer to stand in', async () => {
  const { service, find, goDown } = setup();
  await find('known');
  goDown();
  jest.advanceTimersByTime(30_000);
  await find('known');
  await expect(find('unknown')).rejects.toBe(DOWN);
  expect(service.asked).toBe(3);
  service.answer = async () => ({ version: 2 });
  jest.advanceTimersByTime(999);
  expect(await find('known')).toEqual({ version: 1 });
  await expect(find('unknown')).rejects.toBe(DOWN);
  expect(service.asked).toBe(3);
  jest.advanceTimersByTime(1);
  expect(await find('known')).toEqual({ version: 2 });
  expect(await find('unknown')).toEqual({ version: 2 });
});

test('ten thousand answers are kept, those asked for of late', async () => {
  const { service, find } = setup();
  for (let n = 0; n < 10_000; n += 1) await find(`key ${n}`);
  await find('key 0');
  await find('one more');
  expect(service.asked).toBe(10_001);
  await find('key 0');
  expect(service.asked).toBe(10_001);
  await find('key 1');
  expect(service.asked).toBe(10_002);
});
