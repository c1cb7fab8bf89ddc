// Two gigabytes outside of the heap that --max-old-space-size limits, written to, so that they are real.
const all: Buffer[] = [];
for (let i = 0; i < 32; i++) all.push(Buffer.alloc(64 * 1024 * 1024, i + 1));
await new Promise(() => all);
export {};
