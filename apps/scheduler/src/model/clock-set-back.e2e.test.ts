import { audit } from './compare.fixture.ts';
import { type LedgerSystem, openLedgerSystem } from './ledger-system.fixture.ts';

const BEGINNING = Date.parse('2040-01-01T00:00:00Z');
const at = (seconds: number) => BEGINNING + seconds * 1_000;

let system: LedgerSystem;

beforeAll(async () => {
  system = await openLedgerSystem();
});

afterAll(() => system.dispose());

async function claimAt(seconds: number): Promise<void> {
  await system.setClock(at(seconds));
  await system.claim(null);
}

test('a job that was changed while the clock was behind has nothing unaccounted for (SPEC 3, the ledger)', async () => {
  await system.setClock(BEGINNING);
  const settings = { intervalMs: 60_000, overlap: 'allow', catchUp: 'none', maxRuns: 0 } as const;
  const job = await system.create(settings, BEGINNING);
  // Ten occurrences are missed and the eleventh runs; then it is half a minute after the beginning again.
  await claimAt(690);
  await system.setClock(at(30));
  expect(await system.change(job, { intervalMs: 30_000 }, at(30))).toBe(true);

  const auditUpTo = async (seconds: number) => (await audit(system, BEGINNING, at(seconds) + 1)).get(job);
  for (let seconds = 60; seconds <= 300; seconds += 30) await claimAt(seconds);
  expect(await auditUpTo(690)).toMatchObject({ unaccounted: 0, missed: 10, due: 2 });
  for (let seconds = 330; seconds <= 690; seconds += 30) await claimAt(seconds);
  // The ten are in the ledger twice: missed by the former schedule, and run by this one.
  expect(await auditUpTo(690)).toMatchObject({ expected: 22, unaccounted: 0, unexpected: 10, due: 0 });
});

test('nor if it then missed more in less time, from the same occurrence on', async () => {
  await system.clear();
  await system.setClock(BEGINNING);
  const settings = { intervalMs: 60_000, overlap: 'allow', catchUp: 'none', maxRuns: 0 } as const;
  const job = await system.create(settings, BEGINNING);
  await claimAt(690);
  await system.setClock(at(30));
  expect(await system.change(job, { intervalMs: 30_000 }, at(30))).toBe(true);
  await claimAt(615);
  const counts = (await audit(system, BEGINNING, at(615))).get(job);
  expect(counts).toMatchObject({ expected: 19, unaccounted: 0 });
});
