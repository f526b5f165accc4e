import { type CpuProfile, shareOf } from './profile-share.ts';

const frame = (functionName: string, url = '') => ({ functionName, url });

/** A root that calls work, which logs, by a library that is called by nobody else. */
const PROFILE: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 5] },
    { id: 2, callFrame: frame('work', 'file:///work.ts'), children: [3] },
    { id: 3, callFrame: frame('log', 'file:///logger.ts'), children: [4] },
    { id: 4, callFrame: frame('write', 'node:fs') },
    { id: 5, callFrame: frame('(idle)') },
  ],
  samples: [2, 3, 4, 5],
  timeDeltas: [60, 10, 30, 1_000],
};

test('the share counts what such code calls, and no time in which nothing is done', () => {
  expect(shareOf(PROFILE, /logger\.ts$/)).toBe(0.4);
  expect(shareOf(PROFILE, /work\.ts$/)).toBe(1);
  expect(shareOf(PROFILE, /metrics\.ts$/)).toBe(0);
});
