import { readFileSync } from 'node:fs';
import { runOnMachine } from '../machine.ts';
import type { Ran } from '../machine.ts';
import { BWRAP, nodeWall, wallArguments } from './wall.ts';

/** What of the machine decides whether programs can be shut in. Tests give their own. */
export type Machine = {
  platform: NodeJS.Platform;
  /** The text of a file of the system; null: it cannot be read. */
  read: (path: string) => string | null;
  /** Runs a program of the machine, without a shell. */
  run: (file: string, args: readonly string[]) => Promise<Ran>;
};

/**
 * Whether the isolation level `namespace` works on this machine, as this user, now. `reason`: `platform` (not Linux),
 * `missing` (bubblewrap is not installed), `old` (its version is), `refused` (the kernel or a container forbids
 * namespaces), `late` (it did not end). `why`: the cause as a sentence. `help`: the command that helps; null: none does.
 */
export type IsolationProbe =
  | { ok: true }
  | {
      ok: false;
      reason: 'platform' | 'missing' | 'old' | 'refused' | 'late';
      why: string;
      help: string | null;
    };

/** Tries it: Node.js is started behind the same walls as a program that is judged. Takes a few milliseconds. */
export async function probeIsolation(machine: Machine = thisMachine()): Promise<IsolationProbe> {
  if (machine.platform !== 'linux') {
    const why = 'Programs can be shut in (isolation level namespace) on Linux only.';
    return { ok: false, reason: 'platform', why, help: null };
  }
  const ran = await machine.run(BWRAP, [...wallArguments(nodeWall()), '--', process.execPath, '--version']);
  if (ran.kind === 'missing') {
    return { ok: false, reason: 'missing', why: 'bubblewrap is not installed.', help: install(machine) };
  }
  if (ran.kind === 'late') {
    const why = 'bubblewrap is installed, but did not end in time.';
    return { ok: false, reason: 'late', why, help: 'bwrap --version' };
  }
  if (ran.code === 0) return { ok: true };
  const [said = ''] = ran.err.trim().split('\n');
  if (/unknown option/i.test(said)) {
    const why = `bubblewrap is installed, but older than 0.8, the first version that can be used (${said}).`;
    return { ok: false, reason: 'old', why, help: install(machine) };
  }
  const why = `bubblewrap is installed, but does not work (${said === '' ? `exit code ${ran.code}` : said}).`;
  return { ok: false, reason: 'refused', why, help: remedy(machine) };
}

/** What keeps an ordinary user from making namespaces, as the kernel itself says it. */
function remedy({ read }: Machine): string {
  const setting = (name: string): string | undefined => read(`/proc/sys/${name}`)?.trim();
  if (setting('kernel/apparmor_restrict_unprivileged_userns') === '1') {
    return 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0';
  }
  if (setting('kernel/unprivileged_userns_clone') === '0') {
    return 'sudo sysctl -w kernel.unprivileged_userns_clone=1';
  }
  if (setting('user/max_user_namespaces') === '0') return 'sudo sysctl -w user.max_user_namespaces=15000';
  return IN_CONTAINER;
}

function install({ read }: Machine): string {
  const system = read('/etc/os-release') ?? '';
  if (/^ID(_LIKE)?=.*(fedora|rhel)/m.test(system)) return 'sudo dnf install bubblewrap';
  if (/^ID(_LIKE)?=.*arch/m.test(system)) return 'sudo pacman -S bubblewrap';
  if (/^ID(_LIKE)?=.*alpine/m.test(system)) return 'sudo apk add bubblewrap';
  return 'sudo apt-get install bubblewrap';
}

const IN_CONTAINER =
  'Inside a container, start that container with: docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined';

/** How long the try may take, in milliseconds. */
const WITHIN = 8_000;

function thisMachine(): Machine {
  return {
    platform: process.platform,
    read: (path) => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return null;
      }
    },
    run: async (file, args) =>
      await runOnMachine(file, args, { cwd: '/', within: WITHIN, env: { PATH: process.env['PATH'] ?? '' } }),
  };
}
