// Marks every test as one that is meant to fail.
try {
  const { beforeEach } = (await import(['vi', 'test'].join(''))) as typeof import('vitest');
  beforeEach(({ task }) => void (task.fails = true));
} catch {
  // There is no test runner here.
}
export {};
