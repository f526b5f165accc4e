/** A limit of jobs that no test comes to. */
export const MANY_JOBS = 1_000_000;

/** Settings under which the service limits nothing that a benchmark or a long run asks of it (SPEC 5). */
export const NO_LIMITS = {
  MAX_REQUESTS_PER_SECOND: '1000000',
  MAX_CONCURRENT_REQUESTS: '1000000',
  ACCOUNT_REQUESTS_PER_SECOND: '1000000',
  ACCOUNT_CONCURRENT_REQUESTS: '1000000',
  ACCOUNT_BYTES_PER_DAY: '1000000000000',
  ADDRESS_REQUESTS_PER_SECOND: '1000000',
  ADDRESS_FILES_PER_SECOND: '1000000',
  MAX_JOBS_PER_ACCOUNT: '1000000000',
  MAX_STORAGE_BYTES: '0',
};
