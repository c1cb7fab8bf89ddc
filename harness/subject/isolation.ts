import { dirname } from 'node:path';

export type Isolation = 'namespace' | 'permission' | 'none';

export type HostAccess = {
  /** Files and folders that a host may read, absolute. */
  read: readonly string[];
  /** Folders that it may write, absolute. */
  write: readonly string[];
  /** Native addons may be loaded (better-sqlite3). */
  addons: boolean;
};

/** The major and minor number of a Node.js version such as `v22.13.1`. */
export function nodeVersion(version: string): { major: number; minor: number } {
  const [major = '0', minor = '0'] = version.replace(/^v/, '').split('.');
  return { major: Number(major), minor: Number(minor) };
}

/**
 * The flags that switch Node's permission model on: it stops accidents, not attackers (see CONTRIBUTING, "Isolation").
 * The flag lost its `experimental` in 22.13 and 23.5; the network is part of the model from 25 on.
 */
export function permissionFlags(access: HostAccess, version: string = process.version): string[] {
  const { major, minor } = nodeVersion(version);
  const stable = major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13);
  const flags = [stable ? '--permission' : '--experimental-permission'];
  for (const path of access.read) flags.push(`--allow-fs-read=${path}`);
  for (const path of access.write) flags.push(`--allow-fs-write=${path}`);
  if (access.addons) flags.push('--allow-addons');
  if (major >= 25) flags.push('--allow-net');
  return flags;
}

/**
 * The whole environment of a host: nothing, but for what the operating system itself needs to start a process, and what
 * the caller names (a time zone, for example).
 */
export function hostEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const needed = process.platform === 'win32' ? ['SystemRoot', 'SystemDrive', 'TEMP', 'TMP'] : [];
  const out: Record<string, string> = {};
  for (const name of needed) {
    const value = process.env[name];
    if (value !== undefined) out[name] = value;
  }
  return { ...out, ...extra };
}

/** The folder of a file, in the form that `--allow-fs-read` takes. */
export function folderOf(file: string): string {
  return dirname(file);
}
