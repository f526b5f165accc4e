/** The environment is not as it must be. The process exits with 78, EX_CONFIG of sysexits.h (SPEC 6). */
export class ConfigError extends Error {
  /** Every mistake, one sentence each, beginning with the setting's name. */
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`invalid configuration: ${problems.join('; ')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
