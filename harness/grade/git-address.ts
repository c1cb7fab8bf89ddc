import { quoted } from '../catalog/printable.ts';

/** What a submission was named by. `path`: something on this machine. */
export type Address =
  | { kind: 'path' }
  | { kind: 'remote'; protocol: 'https' | 'ssh'; url: string }
  | { kind: 'wrong'; message: string };

/** What of a name is an address, and of what kind. Addresses that could start a program are refused by name. */
export function addressOf(typed: string): Address {
  if (typed.startsWith('-')) return wrong(`${quoted(typed)} begins with a dash, as an option does.`);
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(typed)) return wrong('The address holds a control character.');
  // git takes `ext::sh -c …` for a program to start. A drive of Windows has one letter.
  if (/^[a-z][a-z0-9+.-]*::/i.test(typed)) return wrong(`${quoted(typed)} would start a program. ${ONLY}`);
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(typed) ?? [];
  if (scheme === undefined) {
    const isShort = /^[\w.-]+@[\w][\w.-]*:[^:/-][^:]*$/.test(typed);
    return isShort ? { kind: 'remote', protocol: 'ssh', url: typed } : { kind: 'path' };
  }
  const protocol = scheme.toLowerCase();
  if (protocol === 'file') return wrong('Name a repository on this machine by its path, without file://.');
  if (protocol !== 'https' && protocol !== 'ssh') return wrong(`${quoted(typed)} is not taken. ${ONLY}`);
  if (!URL.canParse(typed)) return wrong(`${quoted(typed)} is no address.`);
  const { hostname, password, username } = new URL(typed);
  if (!/^(?:\[[0-9a-f:.]+\]|[\p{L}\p{N}][\p{L}\p{N}.-]*|xn--[\w.-]+)$/iu.test(hostname)) {
    return wrong(`${quoted(typed)} names no host.`);
  }
  if (username.startsWith('-')) return wrong(`${quoted(typed)} is no address.`);
  if (password !== '' || (protocol === 'https' && username !== '')) return wrong(SECRET);
  return { kind: 'remote', protocol, url: typed };
}

/** Why a branch, a tag or a commit of this name is not looked for; null: it is. */
export function refProblem(ref: string): string | null {
  const isPlain = /^[\p{L}\p{N}_][\p{L}\p{N}_./@#+=-]*$/u.test(ref);
  if (isPlain && !ref.includes('..') && !ref.includes('@{') && !ref.endsWith('.lock')) return null;
  return `${quoted(ref)} is no name of a branch or a tag, and no commit. --ref takes main, v1.2 or a whole commit hash.`;
}

function wrong(message: string): Address {
  return { kind: 'wrong', message };
}

const ONLY = 'An address begins with https:// or ssh://.';
const SECRET =
  'The address holds a user name or a password, which would end up in process lists and logs. Use ssh://, or clone the repository yourself and name its folder with --ref.';
