/** What a person can ask for with one key. */
export type Action = 'next' | 'hint' | 'all' | 'list' | 'reset' | 'again' | 'quit';

/** A key as it is shown: `n next: 02-sql`. */
export type ShownKey = { press: string; label: string };

export type Pressed =
  { kind: 'action'; action: Action } | { kind: 'suspend' } | { kind: 'other'; key: string };

const ACTIONS: Readonly<Record<string, Action>> = {
  n: 'next',
  h: 'hint',
  a: 'all',
  l: 'list',
  r: 'reset',
  '\r': 'again',
  '\n': 'again',
  q: 'quit',
  // In raw mode a terminal sends these instead of a signal: Ctrl-C, Ctrl-D.
  '\u0003': 'quit',
  '\u0004': 'quit',
};

const SUSPEND = '\u001a';

/** The keys in what a terminal sent at once. Arrows, function keys and pasted escape sequences are none of ours. */
export function keysIn(text: string): Pressed[] {
  if (text.startsWith('\u001b')) return [];
  return [...text].map((key) => {
    if (key === SUSPEND) return { kind: 'suspend' };
    const small = key.toLowerCase();
    const action = Object.hasOwn(ACTIONS, small) ? ACTIONS[small] : undefined;
    return action === undefined ? { kind: 'other', key: small } : { kind: 'action', action };
  });
}
