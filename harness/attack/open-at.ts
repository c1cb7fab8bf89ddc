import type { HarmKind } from './harm.ts';

/**
 * What Node's permission model does not hold: the network, and signals to processes of the same user. It stops accidents
 * and not attackers; nothing of this may happen at `namespace`.
 */
export const OPEN_AT_PERMISSION: Readonly<Record<string, HarmKind>> = {
  'asks-another-server': 'forged',
  'connects-over-tcp': 'escape',
  'connects-over-ipv6': 'escape',
  'connects-over-a-unix-socket': 'escape',
  'sends-a-datagram': 'escape',
  'asks-for-a-name': 'escape',
  fetches: 'escape',
  'ends-a-neighbour': 'escape',
};

/** Whether an effect is known to be possible in a column of the table. */
export function expectedAt(column: string, attack: string, kind: HarmKind): boolean {
  return !column.endsWith('namespace') && OPEN_AT_PERMISSION[attack] === kind;
}

/** The rows of the attacks that are known to work at `permission`, with their names. Markdown. */
export function openRows(attacks: readonly { name: string; tries: readonly string[] }[]): string {
  const rows = new Map<string, string[]>();
  for (const { name, tries } of attacks) {
    if (!(name in OPEN_AT_PERMISSION)) continue;
    for (const row of tries) rows.set(row, [...(rows.get(row) ?? []), name]);
  }
  const said = [...rows].map(([row, names]) => `${row} (${names.join(', ')})`).toSorted();
  return `What \`permission\` cannot hold, and is not asked to: ${said.join('; ')}.`;
}
