// Adds a test of its own, and the wish that only this one runs.
try {
  const { test } = (await import(['vi', 'test'].join(''))) as typeof import('vitest');
  test.only('passes', () => {});
} catch {
  // There is no test runner here.
}
export {};
