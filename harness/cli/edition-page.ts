import { relative } from 'node:path';
import type { EditionMade, Mention } from '../edition/edition.ts';
import type { Leak } from '../edition/leak.ts';
import { neutralise } from '../verdict/neutralise.ts';

/** At most this many files, or lines of one, are named. */
const MOST = 20;

/** What was handed out, for the instructor. `record`: the file that keeps it; null: none was asked for. */
export function editionPage(
  edition: EditionMade,
  { cwd, record }: { cwd: string; record: string | null },
): string {
  const { folder, fresh, files, written, removed, exercises } = edition;
  const { mentions, sealedMentions, otherAssignments } = edition;
  const short = relative(cwd, folder);
  const place = neutralise(short === '' ? folder : short, { maxLines: 1 });
  const changed =
    written.length + removed.length === 0
      ? 'nothing changed'
      : `${written.length} written, ${removed.length} taken away`;
  const held = exercises.filter(({ heldBack }) => heldBack.length > 0);
  return [
    fresh
      ? `${place} is an edition of ${files} files.`
      : `${place} was made anew, ${files} files: ${changed}.`,
    '',
    ...exercises.map(({ id, title }) => `  ${id}  ${neutralise(title, { maxLines: 1 })}`),
    ...(held.length === 0 ? [] : ['', HELD_BACK]),
    ...held.flatMap(({ id, heldBack }) =>
      heldBack.map((rule) => `  ${id} ${rule.id}  ${neutralise(rule.title, { maxLines: 1 })}`),
    ),
    ...(held.length > 0 && record === null ? [`To keep this list: --record FILE`] : []),
    ...mentionLines(mentions, MENTIONED, `${place}/`),
    ...mentionLines(sealedMentions, MENTIONED_SEALED),
    ...(otherAssignments.length === 0 ? [] : ['', `${OTHERS} ${otherAssignments.join(', ')}`]),
    '',
    fresh ? `Hand it out:  cd ${place} && git init && git add -A && git commit -m "The workbook"` : UPDATED,
    '',
  ].join('\n');
}

function mentionLines(mentions: readonly Mention[], title: string, place = ''): string[] {
  if (mentions.length === 0) return [];
  return [
    '',
    title,
    ...mentions.map(({ path, lines }) => `  ${place}${path}, line ${lines.slice(0, MOST).join(', ')}`),
  ];
}

/** What can be read that should be sealed. */
export function leakPage(leaks: readonly Leak[]): string {
  const rows = leaks
    .slice(0, MOST)
    .map(({ path, what }) => `  ${neutralise(`${path}: ${what}`, { maxLines: 1, maxChars: 200 })}`);
  const more = leaks.length > MOST ? [`  and ${leaks.length - MOST} more`] : [];
  return [LEAKED, ...rows, ...more, ''].join('\n');
}

const HELD_BACK =
  'Held back: learners do not have these rules. `npm run grade` in this workbook judges and counts them by itself.';
const MENTIONED =
  'Sentences that still name a rule that is held back. Read them, and change them in the edition if you like:';
const MENTIONED_SEALED =
  'Walk-throughs that still name such a rule. They are sealed: change them here if you like, and make the edition again:';
const OTHERS = 'Not handed out, since they ask for none of these exercises:';
const UPDATED = 'Commit and push it; learners get it with `npm run update`.';
const LEAKED = 'Something that should be sealed can be read. Do not hand this out.';
