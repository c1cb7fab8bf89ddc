import { defineConfig } from 'vitest/config';

/** For the tests of the harness itself. Hidden suites are run by harness/check/engine.ts and never look at this file. */
export default defineConfig({
  test: {
    include: ['harness/**/*.test.ts', 'scripts/**/*.test.ts'],
    globalSetup: ['harness/build/fresh.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    css: { include: [] },
  },
});
