import { StorageQuota } from './storage-quota.ts';

test('there is room up to the limit, and none beyond it', async () => {
  let bytes = 1_000;
  const measure = async () => bytes;
  await expect(new StorageQuota(1_000, measure).requireRoom()).resolves.toBeUndefined();
  bytes = 1_001;
  await expect(new StorageQuota(1_000, measure).requireRoom()).rejects.toMatchObject({
    code: 'STORAGE_QUOTA_EXCEEDED',
    message: 'the storage quota is exceeded: definitions take 1001 bytes of 1000',
  });
});

test('without a limit nothing is measured', async () => {
  const quota = new StorageQuota(0, () => Promise.reject(new Error('measured')));
  await expect(quota.requireRoom()).resolves.toBeUndefined();
});

test('whoever asks meanwhile shares a measurement', async () => {
  let measurements = 0;
  const quota = new StorageQuota(1, async () => (measurements += 1));
  await Promise.all(Array.from({ length: 10 }, () => quota.requireRoom()));
  await quota.requireRoom();
  expect(measurements).toBe(1);
});

test('a measurement that failed is made again', async () => {
  let fails = true;
  const quota = new StorageQuota(1, () => (fails ? Promise.reject(new Error('away')) : Promise.resolve(0)));
  await expect(quota.requireRoom()).rejects.toThrow('away');
  fails = false;
  await expect(quota.requireRoom()).resolves.toBeUndefined();
});
