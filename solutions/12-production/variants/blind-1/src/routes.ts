const TEMPLATES: readonly { pattern: RegExp; route: string }[] = [
  { pattern: /^\/notes\/?$/i, route: '/notes' },
  { pattern: /^\/notes\/[^/]+\/?$/i, route: '/notes/:id' },
];
const OPERATIONAL = /^\/(?:livez|readyz|metrics)\/?$/i;

/** What stands for all paths that nobody knows. */
const UNKNOWN = '(unknown)';

/** The path as it was sent, without the query. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

/** The template of a path, or `null` for what watches the service instead of using it. */
export function routeOf(path: string): string | null {
  if (OPERATIONAL.test(path)) return null;
  return TEMPLATES.find(({ pattern }) => pattern.test(path))?.route ?? UNKNOWN;
}
