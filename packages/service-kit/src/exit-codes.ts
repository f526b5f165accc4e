/** How a process ends (SPEC 6). */
export const exitCodes = {
  ok: 0,
  failure: 1,
  /** EX_CONFIG of sysexits.h. */
  config: 78,
  /** 128 + the signal's number, as a shell reports it. */
  SIGINT: 130,
  SIGTERM: 143,
} as const;
