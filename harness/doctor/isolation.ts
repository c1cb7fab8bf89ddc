import { join } from 'node:path';
import { fail, ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';
import type { World } from './world.ts';

/** The level that checks reach: a program tries to read a file that is none of its business. */
export async function permission(world: World): Promise<Finding[]> {
  const name = 'isolation';
  const answer = await world.reachOutside(join(world.root, 'package.json'));
  if (answer === 'ERR_ACCESS_DENIED') {
    return [ok(name, 'permission: a program that is checked cannot read outside of its own folder')];
  }
  if (answer === 'read') {
    const text =
      'A program that is checked could read outside of its own folder: Node’s permission model is off.';
    return [fail(name, text, 'Install the LTS version of Node.js from https://nodejs.org, then: npm ci')];
  }
  const text = `A program in a process of its own could not be tried: ${answer}`;
  return [
    fail(name, text, 'node harness/build/run.mjs build, and look whether a security program ends Node.js'),
  ];
}

/** bubblewrap, which shuts programs of strangers in on Linux. Learners need none. */
export async function bubblewrap(world: World): Promise<Finding[]> {
  const name = 'bubblewrap';
  if (world.platform !== 'linux') return [];
  const args = ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--unshare-all', 'true'];
  const ran = await world.run('bwrap', args);
  if (ran.kind === 'ended' && ran.code === 0) return [ok(name, 'works: programs of others can be shut in')];
  if (ran.kind === 'missing') {
    return [ok(name, `not installed. Only who judges programs of strangers needs it: ${install(world)}`)];
  }
  if (ran.kind === 'late') return [warn(name, `It did not end in time. ${OTHERS}`, 'bwrap --version')];
  const why = ran.err.trim().split('\n')[0] ?? '';
  return [warn(name, `It is installed, but does not work (${why}). ${OTHERS}`, remedy(world))];
}

/** What keeps an ordinary user from making namespaces, as the kernel itself says it. */
function remedy({ read }: World): string {
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

function install({ read }: World): string {
  const system = read('/etc/os-release') ?? '';
  if (/^ID(_LIKE)?=.*(fedora|rhel)/m.test(system)) return 'sudo dnf install bubblewrap';
  if (/^ID(_LIKE)?=.*arch/m.test(system)) return 'sudo pacman -S bubblewrap';
  if (/^ID(_LIKE)?=.*alpine/m.test(system)) return 'sudo apk add bubblewrap';
  return 'sudo apt-get install bubblewrap';
}

const OTHERS = 'Only who judges programs of strangers needs it.';
const IN_CONTAINER =
  'Inside a container, start that container with: docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --cap-add SYS_ADMIN';
