/**
 * How long a program is waited for, in milliseconds. What was late is tried once more with twice the time. A check's
 * `pace` multiplies all of them.
 */
export const PATIENCE = {
  /** The import of its entry. */
  load: 5_000,
  /** One call of a function. */
  call: 5_000,
  /** The answer to one request. */
  answer: 2_000,
} as const;
