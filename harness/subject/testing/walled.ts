import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { decode, encode } from '../../message/plain.ts';
import { Enclosure } from '../namespace/enclosure.ts';
import { HostProcess, USUAL_LIMITS } from '../process.ts';
import { Scratch } from '../scratch.ts';
import { NOW, resultOf } from './host.ts';

/** A host without Node's permission model: what keeps a program in is the namespace, or nothing does. */
export type Attacker = {
  host: HostProcess;
  enclosure: Enclosure | null;
  /** A folder that it may write. */
  shared: string;
  /** Calls an export and returns its value; of a host that died: why. */
  run: (name: string, ...args: readonly unknown[]) => Promise<unknown>;
};

export type AttackerOptions = {
  walled: boolean;
  memory?: number;
  env?: Record<string, string>;
  shared?: Scratch;
};

/** For tests: starts such a host with this program in it. It is gone when the test has finished. */
export async function attacker(hostFile: string, text: string, options: AttackerOptions): Promise<Attacker> {
  const scratch = new Scratch();
  const { folder: shared } = options.shared ?? new Scratch();
  const enclosure = options.walled
    ? new Enclosure({
        wall: { read: [hostFile, scratch.folder], write: [shared] },
        launcher: join(dirname(hostFile), 'launcher.mjs'),
        folder: scratch.folder,
        redis: null,
        cpuSeconds: 60,
      })
    : null;
  const started = enclosure?.command(process.execPath, [hostFile], [3, 4]) ?? {
    command: process.execPath,
    args: [hostFile],
  };
  const host = new HostProcess(started.command, started.args, {
    folder: scratch.folder,
    env: options.env ?? {},
    limits: { ...USUAL_LIMITS, memory: options.memory ?? USUAL_LIMITS.memory },
    ...(enclosure === null ? {} : { enclosure }),
  });
  onTestFinished(async () => {
    await host.kill();
    scratch.remove();
    rmSync(shared, { recursive: true, force: true, maxRetries: 5 });
  });
  await host.request({ op: 'load', file: scratch.writeSubject(text), now: NOW }, null);
  host.watch();
  const run = async (name: string, ...args: readonly unknown[]): Promise<unknown> => {
    const reply = await host.request({ op: 'call', export: name, args: encode(args), keep: null }, null);
    if (reply.kind === 'dead') return reply.death.why;
    const result = resultOf(reply);
    if (result.kind !== 'value') return result;
    const value = decode(result.value, { dependencies: false });
    return value.ok ? value.value : value.why;
  };
  return { host, enclosure, shared, run };
}

/** For tests: a folder of its own outside of all walls. */
export function folderOutside(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'outside-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
