import type { Outcome } from './entry.ts';
import type { HarmKind } from './harm.ts';
import type { Plain } from './plain-entry.ts';
import { ROWS } from './rows.ts';
import type { Row } from './rows.ts';

/** One way in at one level, with what all attacks did there. */
export type Column = { title: string; outcomes: ReadonlyMap<string, Outcome> };

export type Tried = { name: string; tries: readonly Row[] };

const KINDS: readonly HarmKind[] = ['forged', 'escape', 'leak', 'broken'];

/** `succeeded` of those that could be tried; what has no counterpart is counted apart. */
function plainCell(attacks: readonly Tried[], plain: ReadonlyMap<string, Plain>): string {
  const found = attacks.flatMap(({ name }) => plain.get(name) ?? []);
  const count = (kind: Plain['kind']): number => found.filter((each) => each.kind === kind).length;
  const none = count('none');
  const tried = found.length - none;
  if (tried === 0) return 'no counterpart';
  return `${count('succeeded')} of ${tried} succeed`;
}

function cell(attacks: readonly Tried[], { outcomes }: Column): string {
  const tried = attacks.flatMap(({ name }) => outcomes.get(name) ?? []);
  if (tried.length === 0) return '–';
  const harms = tried.flatMap(({ harms: each }) => [...new Set(each.map(({ kind }) => kind))]);
  if (harms.length === 0) return `${tried.length} held`;
  const said = KINDS.flatMap((kind) => {
    const count = harms.filter((each) => each === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  return `**${said.join(', ')}** of ${tried.length}`;
}

/** Markdown: a line for each row that was tried. */
export function tableOf(
  attacks: readonly Tried[],
  columns: readonly Column[],
  plain: ReadonlyMap<string, Plain>,
): string {
  const rows = (Object.keys(ROWS) as Row[]).flatMap((row) => {
    const own = attacks.filter(({ tries }) => tries.includes(row));
    if (own.length === 0) return [];
    return [
      [
        `${row} ${ROWS[row]}`,
        String(own.length),
        plainCell(own, plain),
        ...columns.map((column) => cell(own, column)),
      ],
    ];
  });
  const head = ['what is tried', 'attacks', 'plain Vitest', ...columns.map(({ title }) => title)];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}
