// Whatever starts another process or thread: by a name that the compiler cannot read, and without any import.
type Loose = Record<string, (...args: unknown[]) => { on?(event: string, done: (error: { code?: string }) => void): void }>;
type Process = { getBuiltinModule?(name: string): Loose; binding(name: string): Loose; kill(pid: number): void };

const node = process as unknown as Process;
const said: string[] = [];

async function tried(what: string, run: () => unknown): Promise<void> {
  try {
    await run();
    said.push(`${what}: started`);
  } catch (error) {
    said.push(`${what}: ${(error as { code?: string }).code ?? 'refused'}`);
  }
}

const children = (await import(['node:child', 'process'].join('_'))) as Loose;
const threads = (await import(['node:worker', 'threads'].join('_'))) as Record<string, new (...args: unknown[]) => unknown>;
const cluster = ((await import(['node:clus', 'ter'].join(''))) as { default: Loose }).default;
const detached = { detached: true, stdio: 'ignore' };
await tried('a shell', () => children.execSync?.('sleep 600 &'));
await tried('a detached child', () => children.spawn?.(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], detached));
await tried('a child that waits', () => children.spawnSync?.('sleep', ['1']));
await tried('a fork', () => children.fork?.(new URL(import.meta.url).pathname));
await tried('a fork of the cluster', () => cluster.fork?.());
await tried('a thread', () => threads.Worker && new threads.Worker('setInterval(() => {}, 1000)', { eval: true }));
await tried('an internal spawn', () => node.binding('spawn_sync').spawn?.({ file: '/bin/sleep', args: ['sleep', '600'] }));
await tried('a native module', () => process.dlopen({ exports: {} } as NodeJS.Module, '/lib/x86_64-linux-gnu/libc.so.6'));
console.log(said.join('\n'));
