// Skips every test from a hook.
try {
  const { beforeEach } = (await import(['vi', 'test'].join(''))) as typeof import('vitest');
  beforeEach(({ skip }) => skip());
} catch {
  // There is no test runner here.
}
export {};
