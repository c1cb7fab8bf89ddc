// canary a21d92295d3b81c6a9cbb49a
/** What an image from outside is, by its name. */
export type Base = {
  kind: 'node' | 'distroless' | 'other';
  /** Null: the name does not tell. */
  major: number | null;
  variant: 'alpine' | 'slim' | 'full' | 'distroless';
  /** The name says which version, or the very bytes. */
  isPinned: boolean;
};

/** The tag and the digest that an image's name ends with. */
function taken(image: string): { path: string; tag: string | null; digest: string | null } {
  const [name = '', digest = null] = image.split('@', 2);
  const colon = name.lastIndexOf(':');
  // A colon before a slash belongs to the port of a registry.
  if (colon < 0 || name.indexOf('/', colon) >= 0) return { path: name, tag: null, digest };
  return { path: name.slice(0, colon), tag: name.slice(colon + 1), digest };
}

export function baseOf(image: string): Base {
  const { path, tag, digest } = taken(image);
  const name = path.split('/').pop() ?? '';
  const distroless = /^nodejs(\d+)-debian\d+$/.exec(name);
  if (distroless !== null && path.includes('distroless')) {
    const isPinned = digest !== null || (tag !== null && tag !== 'latest');
    return { kind: 'distroless', major: Number(distroless[1]), variant: 'distroless', isPinned };
  }
  const major = /^v?(\d+)(?:[.-]|$)/.exec(tag ?? '');
  const variant = /alpine/.test(tag ?? '') ? 'alpine' : /slim/.test(tag ?? '') ? 'slim' : 'full';
  return {
    kind: name === 'node' ? 'node' : 'other',
    major: major === null ? null : Number(major[1]),
    variant,
    isPinned: isPinned(image),
  };
}

/** A digest, or a tag that holds a version number. */
export function isPinned(image: string): boolean {
  const { tag, digest } = taken(image);
  return digest !== null || (tag !== null && tag !== 'latest' && /\d/.test(tag));
}

/** The image's own name, without registry, tag and digest. */
export function shortName(image: string): string {
  return taken(image).path.split('/').pop() ?? '';
}

/** The number that the version in a tag begins with. */
export function majorOf(image: string): number | null {
  const found = /^v?(\d+)/.exec(taken(image).tag ?? '');
  return found === null ? null : Number(found[1]);
}
