/** The rows of the list of threats that one submission can try, in words for a reader of the table. */
export const ROWS = {
  A1: 'ending the run early, as if all were well',
  A2: 'fewer, skipped or additional tests',
  A3: 'patching assertions, the runner, or what the language is made of',
  A4: 'values that pollute prototypes or break a parser',
  A5: 'forged, doubled, endless or missing answers',
  A6: 'values that are equal to everything, or change while they are looked at',
  A7: 'knowing the visible examples by heart',
  A8: 'letting somebody else answer',
  A9: 'learning the suite bit by bit, where a report tells points alone',
  B1: 'reading the suite, the solution or other files',
  B2: 'leaks by stack traces and error texts',
  B4: 'sending something out over the network',
  B5: 'secrets in the environment',
  B6: 'looking into other processes',
  C1: 'overwriting reports, progress or suites',
  C2: 'reports that run code where they are read',
  C3: 'printing fake results',
  C4: 'hand-edited progress',
  C5: 'replaced suites, manifests, config and workflows',
  C6: 'commits that claim to be early',
  D1: 'links to files of others',
  D2: 'names that lead elsewhere or collide',
  D3: 'archive bombs, too many files',
  D4: 'pipes in the place of files',
  D5: 'config files that run or change the run',
  D6: 'packages of their own',
  D7: 'git hooks, filters, options and submodules',
  D8: 'variables that change Node.js or npm',
  D9: 'tricks with the module loader',
  E1: 'endless loops and waits',
  E2: 'children that outlive the run',
  E3: 'taking the memory',
  E4: 'filling the disk',
  E5: 'floods of output',
  E6: 'exhausting or squatting ports and descriptors',
  E7: 'keeping the judge busy',
  E8: 'signals to other processes',
  E9: 'playing with clocks',
  F1: 'signs that act on a terminal',
  F2: 'commands for CI services',
  F3: 'formulas for spreadsheets',
  F4: 'HTML and Markdown that act',
  F5: 'signs that break XML or JSON',
  F6: 'names that act in paths, addresses and commands',
} as const;

export type Row = keyof typeof ROWS;

const NAMES: ReadonlySet<string> = new Set(Object.keys(ROWS));

/** The rows that a line of the corpus names, separated by spaces. An unknown name is a mistake of ours, and throws. */
export function rowsIn(text: string): Row[] {
  return text
    .split(' ')
    .filter((name) => name !== '')
    .map((name) => {
      if (!NAMES.has(name)) throw new Error(`${name} is no row of the list of threats`);
      return name as Row;
    });
}
