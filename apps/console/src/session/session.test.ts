import { createSession } from './session.ts';

function setup() {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
  return { kept, session: createSession(storage), again: () => createSession(storage) };
}

test('a session outlives a reload, and leaves nothing behind when it ends', () => {
  const { kept, session, again } = setup();
  session.signIn('the-key');
  expect(again().key()).toBe('the-key');
  session.signOut();
  expect(kept.size).toBe(0);
  expect(again().key()).toBeNull();
});

test('one that is interrupted says why until it goes on; one that was ended does not go on', () => {
  const { kept, session } = setup();
  session.signIn('the-key');
  session.interrupt('revoked');
  expect([session.state(), session.interruptedBecause(), kept.size]).toEqual(['interrupted', 'revoked', 0]);
  session.signIn('another');
  expect([session.state(), session.interruptedBecause()]).toEqual(['signed in', null]);
  session.signOut();
  expect([session.state(), session.interruptedBecause()]).toEqual(['signed out', null]);
});

test('whoever subscribed is told, until they are not any more', () => {
  const { session } = setup();
  const told: (string | null)[] = [];
  const leave = session.subscribe(() => told.push(session.key()));
  session.signIn('one');
  session.signOut();
  leave();
  session.signIn('two');
  expect(told).toEqual(['one', null]);
});
