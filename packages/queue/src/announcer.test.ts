import { waitUntil } from '@automation/testing';

import { Announcer } from './announcer.ts';

/** A database that answers when it is told to. */
function setup() {
  const told: string[] = [];
  const errors: Error[] = [];
  const answers: { give: () => void; fail: (error: Error) => void }[] = [];
  const pool = {
    query: (text: string) => {
      told.push(text.replaceAll('NOTIFY automation_tasks_enqueued, ', ''));
      return new Promise<{ rows: unknown[] }>((resolve, reject) => {
        answers.push({ give: () => resolve({ rows: [] }), fail: reject });
      });
    },
  };
  const announcer = new Announcer(pool, (error) => errors.push(error));
  return { announcer, told, errors, answers };
}

test('what is enqueued while a notification is on its way shares the next one', async () => {
  const { announcer, told, answers } = setup();
  announcer.announce(['check']);
  for (let n = 0; n < 100; n += 1) announcer.announce(n % 2 === 0 ? ['check'] : ['perform', 'check']);
  expect(told).toEqual(["'check'"]);
  answers[0]!.give();
  await waitUntil(() => told.length === 2);
  expect(told[1]).toBe("'check'; 'perform'");
  answers[1]!.give();
  await announcer.settled();
  expect(told).toHaveLength(2);
});

test('a notification that fails is told, not repeated, and stands in no other one’s way', async () => {
  const { announcer, told, errors, answers } = setup();
  announcer.announce(['check']);
  answers[0]!.fail(new Error('cut off'));
  await announcer.settled();
  expect(errors).toEqual([new Error('cut off')]);
  announcer.announce(['perform']);
  expect(told).toEqual(["'check'", "'perform'"]);
});

test('a transaction that enqueued nothing tells nobody', async () => {
  const { announcer, told } = setup();
  announcer.announce([]);
  await announcer.settled();
  expect(told).toEqual([]);
});
