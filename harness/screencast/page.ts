const BEGIN = '<!-- made by npm run screencast -->';
const END = '<!-- end of what npm run screencast made -->';

export type Placed = { ok: true; text: string } | { ok: false; message: string };

/** The page with `played` between its two marks. A page without the marks is left as it is, and said. */
export function placed(page: string, played: string): Placed {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) {
    return {
      ok: false,
      message: `README.md has no place for the screencast. Put these two lines where it shall stand:\n${BEGIN}\n${END}`,
    };
  }
  return { ok: true, text: `${page.slice(0, begin + BEGIN.length)}\n\n${played}\n${page.slice(end)}` };
}
