const made = new Map<string, unknown>();

/**
 * What is dear to make and the same for every program, such as a pair of keys: made when it is first asked for, and kept as
 * long as the thread of suites. Never anything that a program, or a rule, leaves behind.
 */
export function once<T>(name: string, make: () => T): T {
  if (!made.has(name)) made.set(name, make());
  return made.get(name) as T;
}
