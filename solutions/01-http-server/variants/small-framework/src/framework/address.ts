import { HttpError } from './http-error.ts';

/** A request target, split: `/files/a%20b?x=1` has the segments '', 'files' and 'a b'. */
export type Address = { segments: string[]; query: URLSearchParams };

/** One slash, then anything but a second one: `//host/path` means another place to some readers. */
const ORIGIN_FORM = /^(\/(?!\/)[^?]*)(?:\?(.*))?$/s;

/** Throws 400 for a target that is no path or cannot be decoded. */
export function readAddress(target: string): Address {
  const [, path, query = ''] = ORIGIN_FORM.exec(target) ?? [];
  if (path === undefined) throw new HttpError(400, 'The target is no path.');
  // Split first, decode then: an escaped slash, %2F, belongs to its segment.
  return { segments: path.split('/').map(decode), query: new URLSearchParams(query) };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) throw new HttpError(400, 'The path is not valid percent-encoding.');
    throw error;
  }
}
