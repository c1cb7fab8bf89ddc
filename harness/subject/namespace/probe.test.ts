import { describe, expect, test } from 'vitest';
import { inNamespaces } from '../testing/levels.ts';
import { probeIsolation } from './probe.ts';
import type { Ran } from '../machine.ts';
import type { Machine } from './probe.ts';

function machine(
  ran: Ran,
  files: Readonly<Record<string, string>> = {},
  platform: NodeJS.Platform = 'linux',
): Machine {
  return { platform, read: (path) => files[path] ?? null, run: () => Promise.resolve(ran) };
}

const refused = (err: string): Ran => ({ kind: 'ended', code: 1, out: '', err });

inNamespaces('on a machine that has what it takes', () => {
  test('namespaces work', async () => {
    expect(await probeIsolation()).toEqual({ ok: true });
  });
});

describe('where namespaces do not work the cause is said, and what helps', () => {
  test.each<[string, Machine, string, RegExp, RegExp | null]>([
    ['another system', machine({ kind: 'missing' }, {}, 'darwin'), 'platform', /on Linux only/, null],
    [
      'nothing installed',
      machine({ kind: 'missing' }),
      'missing',
      /not installed/,
      /^sudo apt-get install bubblewrap$/,
    ],
    [
      'nothing installed on Fedora',
      machine({ kind: 'missing' }, { '/etc/os-release': 'NAME="Fedora Linux"\nID=fedora\n' }),
      'missing',
      /not installed/,
      /^sudo dnf install bubblewrap$/,
    ],
    [
      'an old version',
      machine(refused('bwrap: Unknown option --disable-userns\n')),
      'old',
      /older than 0\.8/,
      /install bubblewrap$/,
    ],
    [
      'AppArmor',
      machine(refused('bwrap: setting up uid map: Permission denied\n'), {
        '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n',
      }),
      'refused',
      /uid map: Permission denied/,
      /^sudo sysctl -w kernel\.apparmor_restrict_unprivileged_userns=0$/,
    ],
    [
      'a kernel that forbids it to users',
      machine(refused('bwrap: No permissions'), { '/proc/sys/kernel/unprivileged_userns_clone': '0' }),
      'refused',
      /No permissions/,
      /unprivileged_userns_clone=1$/,
    ],
    [
      'a kernel that allows none',
      machine(refused('bwrap: Creating new namespace failed'), { '/proc/sys/user/max_user_namespaces': '0' }),
      'refused',
      /new namespace/,
      /max_user_namespaces=15000$/,
    ],
    [
      'a container',
      machine(refused("bwrap: Can't mount proc on /newroot/proc: Operation not permitted")),
      'refused',
      /mount proc/,
      /docker run .*seccomp=unconfined.*systempaths=unconfined/,
    ],
    ['no end', machine({ kind: 'late' }), 'late', /did not end/, /bwrap --version/],
    ['silence', machine(refused('')), 'refused', /exit code 1/, /docker run/],
  ])('%s', async (_, on, reason, why, help) => {
    const probed = await probeIsolation(on);
    expect(probed).toMatchObject({ ok: false, reason, why: expect.stringMatching(why) as string });
    expect(probed.ok ? '' : (probed.help ?? 'nothing')).toMatch(help ?? /^nothing$/);
  });
});
