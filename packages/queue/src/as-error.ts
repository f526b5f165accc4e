/** pg-boss tells of some errors by a copy of their fields, which is no error any more: nobody would know an outage by it. */
export function asError(told: { readonly message: string }): Error {
  return Error.isError(told) ? told : Object.assign(new Error(told.message), told);
}
