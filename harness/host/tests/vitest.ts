/** What a learner's tests get for `vitest`: its own runtime, without Vite, which would cost a second for each program. */
export * from 'vitest';
