// canary 18f20ca4e1f2fae20822543e
import { piecesOf } from './interpolate.ts';

/** Whether the contract calls what a variable of this name holds a secret. */
export function isSecret(name: string): boolean {
  return /(^|_)(PASSWORD|PASSWD|PASS|SECRET|TOKEN|KEY|CREDENTIALS|PGPASSWORD|APIKEY)$/i.test(name);
}

/** A value that is all variables: `$NAME`, `${NAME}`, `${NAME:?message}`; a default has to be a variable, or nothing. */
export function isVariable(value: string): boolean {
  return piecesOf(value).every(
    (piece) => typeof piece !== 'string' && (!/[-+]$/.test(piece.operator) || isVariable(piece.word)),
  );
}

/** What an address such as `postgres://user:password@host:5432/name` says; variables stand as they are written. */
export type Address = { scheme: string; password: string | null; host: string; port: string };

/** Reads a value as an address; null: it is none. */
export function addressOf(value: string): Address | null {
  const variables: string[] = [];
  // A default may hold any sign, a colon and a slash too, and none of them divides the address.
  const masked = value.replaceAll(/\$\w+|\$\{(?:[^{}]|\{[^{}]*\})*\}/g, (each) => {
    variables.push(each);
    return `\u0001${variables.length - 1}\u0001`;
  });
  const shown = (text: string): string => {
    // eslint-disable-next-line no-control-regex
    return text.replaceAll(/\u0001(\d+)\u0001/g, (_, at: string) => variables[Number(at)] ?? '');
  };
  const found =
    /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#:@]*)(?::([^/?#]*))?@)?(\[[^\]]*\]|[^/?#:@]*)(?::([^/?#]*))?/i.exec(
      masked,
    );
  if (found === null) return null;
  const [, scheme = '', , password, host = '', port = ''] = found;
  return {
    scheme: scheme.toLowerCase(),
    password: password === undefined ? null : shown(password),
    host: shown(host),
    port: shown(port),
  };
}

/** The password in an address such as `postgres://user:password@host/`; null: there is none. */
export function passwordIn(value: string): string | null {
  return addressOf(value)?.password ?? null;
}
