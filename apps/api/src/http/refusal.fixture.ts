const ANY_TEXT: unknown = expect.stringMatching(/./);

/** An answer that says what was not valid, and nothing else about it. */
export function refusalOf(field: string, message: string): object {
  return {
    status: 400,
    body: {
      error: 'validation error',
      message,
      code: 'VALIDATION_ERROR',
      details: [{ field, message }],
      request_id: ANY_TEXT,
    },
  };
}
