import type { SourceFiles } from '../compile/compile.ts';
import * as lists from '../check/corpus/lists.ts';
import { subjectFiles } from '../check/corpus/subject.ts';
import type { CorpusSubject } from '../check/corpus/subject.ts';
import type { Place } from './ground.ts';
import { PLAIN_FORMS } from './plain-form.ts';
import { rowsIn } from './rows.ts';
import type { Row } from './rows.ts';

/** A hostile program: a subject of the corpus that belongs to a row. */
export type ProgramAttack = CorpusSubject & { tries: readonly Row[] };

const { FORGERS, ESCAPING, ...others } = lists;

/** All hostile programs of the corpus; first those that a runner which loads them beside its tests has most to fear from. */
export function programAttacks(): ProgramAttack[] {
  const rest = [ESCAPING, ...Object.values(others)].flat();
  const hasForm = ({ name }: CorpusSubject): boolean => PLAIN_FORMS[name] !== undefined;
  return [FORGERS, rest.filter(hasForm), rest.filter((subject) => !hasForm(subject))]
    .flat()
    .map((subject) => ({ ...subject, tries: rowsIn(subject.rows) }))
    .filter(({ tries }) => tries.length > 0);
}

/** As few as it takes to have one attack for each row, in order: what a quick look needs. */
export function oneForEachRow<A extends { tries: readonly Row[] }>(attacks: readonly A[]): A[] {
  const seen = new Set<Row>();
  return attacks.filter(({ tries }) => {
    const isNew = tries.some((row) => !seen.has(row));
    for (const row of tries) seen.add(row);
    return isNew;
  });
}

/** The program as it is handed in: with the place of what it may want beside it. */
export async function filesOf(attack: ProgramAttack, place: Place): Promise<SourceFiles> {
  const files = new Map(await subjectFiles(place.root, attack));
  return files.set('src/place.ts', placeText(place));
}

/** What an attack imports as `./place.ts`. */
export function placeText(place: Place): string {
  return `export const place = ${JSON.stringify(place)};\n`;
}
