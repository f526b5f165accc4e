import { whileVisible } from './while-visible.ts';

beforeEach(() => import.meta.jest.useFakeTimers());
afterEach(() => import.meta.jest.useRealTimers());

class FakeTab extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';

  show(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

class Recorder {
  readonly done: string[] = [];

  start(): void {
    this.done.push('start');
  }

  stop(): void {
    this.done.push('stop');
  }
}

function setup() {
  const tab = new FakeTab();
  const what = new Recorder();
  return { done: what.done, tab, end: whileVisible(what, tab) };
}

test('what runs is stopped once the tab has been hidden for a while, and started when it is seen again', () => {
  const { done, tab } = setup();
  tab.show('hidden');
  import.meta.jest.advanceTimersByTime(60_000);
  tab.show('visible');
  expect(done).toEqual(['start', 'stop', 'start']);
});

test('a short look at another tab stops nothing', () => {
  const { done, tab } = setup();
  tab.show('hidden');
  import.meta.jest.advanceTimersByTime(5_000);
  tab.show('visible');
  import.meta.jest.advanceTimersByTime(60_000);
  expect(done).not.toContain('stop');
});

test('once it is ended nothing is started', () => {
  const { done, tab, end } = setup();
  end();
  tab.show('visible');
  expect(done).toEqual(['start', 'stop']);
});
