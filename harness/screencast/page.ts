export type Placed = { ok: true; text: string } | { ok: false; message: string };

/**
 * The page with `made` between the two marks of a command that writes into it. A page without the marks is left as it is,
 * and said.
 */
export function placed(page: string, made: string, command = 'screencast'): Placed {
  const first = `<!-- made by npm run ${command} -->`;
  const last = `<!-- end of what npm run ${command} made -->`;
  const begin = page.indexOf(first);
  const end = page.indexOf(last);
  if (begin === -1 || end < begin) {
    return {
      ok: false,
      message: `README.md has no place for what npm run ${command} makes. Put these two lines where it shall stand:\n${first}\n${last}`,
    };
  }
  return { ok: true, text: `${page.slice(0, begin + first.length)}\n\n${made}\n${page.slice(end)}` };
}
