/** Carries the one-time token of an attempt, to the function and back (SPEC 4, async completion). */
export const COMPLETION_TOKEN_HEADER = 'X-Automation-Completion-Token';
