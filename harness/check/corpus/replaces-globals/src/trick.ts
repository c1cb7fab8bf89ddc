// The tools that a trusted program would use are others now.
const calm = () => {};
Object.assign(globalThis, { setTimeout: calm, clearTimeout: calm, structuredClone: (value: unknown) => value, queueMicrotask: calm });
process.on = () => process;
process.exit = calm as never;
process.kill = (() => true) as never;
