// Marks the test that runs as one that is meant to fail, whenever one begins.
type State = { current?: { fails?: boolean } | undefined };

const worker = (globalThis as { __vitest_worker__?: State }).__vitest_worker__;
let current: State['current'];
if (worker !== undefined) {
  Object.defineProperty(worker, 'current', {
    get: () => current,
    set: (task: State['current']) => {
      if (task !== undefined) task.fails = true;
      current = task;
    },
  });
}
export {};
