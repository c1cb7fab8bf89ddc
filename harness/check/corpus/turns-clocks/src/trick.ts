const never = (): number => 0;
Date.now = never;
performance.now = never;
process.hrtime.bigint = () => 0n;
(globalThis as any).setTimeout = (run: () => void) => queueMicrotask(run);
export {};
