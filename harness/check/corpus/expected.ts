import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { unseen } from '../../verdict/neutralise.ts';
import type { RuleResult, Verdict } from '../../verdict/verdict.ts';
import type { CorpusSubject } from './subject.ts';
import { corpusFolder } from './workbook.ts';

/** A verdict without what differs from run to run, short enough to be read whole. */
export type Essence = {
  status: Verdict['status'];
  points: number;
  mastered?: true;
  error: { kind: string; message: string; where: string[] } | null;
  /** Ids, separated by spaces. */
  passed: string;
  failed: Record<
    string,
    { cause: string | null; step: string; expected: string; got: string; note?: string }
  >;
  untried: string;
  /** Rules that the suite itself could not judge. There should never be one. */
  broken?: string;
  notes?: string[];
  output: string;
};

/** Texts are compared up to here, in characters. */
const SHOWN = 600;

/** `places`: folders of this run (folder to what is written instead). */
export function essenceOf(verdict: Verdict, places: ReadonlyMap<string, string>): Essence {
  const ids = (status: RuleResult['status']) =>
    verdict.rules.filter((rule) => rule.status === status).map(({ id }) => id);
  const { error } = verdict;
  const clean = (text: string) => cut(withoutPlaces(text, places));
  return {
    status: verdict.status,
    points: verdict.points,
    ...(verdict.mastered ? { mastered: true } : {}),
    error: error && {
      kind: error.kind,
      message: clean(error.message),
      where: error.frames.map(
        ({ file, line, column, name }) => `${file}:${line}:${column}${name === null ? '' : ` in ${name}`}`,
      ),
    },
    passed: ids('passed').join(' '),
    failed: Object.fromEntries(
      verdict.rules.filter((rule) => rule.status === 'failed').map((rule) => [rule.id, failure(rule, clean)]),
    ),
    untried: ids('untried').join(' '),
    ...(ids('error').length > 0 ? { broken: ids('error').join(' ') } : {}),
    ...(verdict.notes.length > 0 ? { notes: notesOf(verdict) } : {}),
    output: outputOf(verdict, places),
  };
}

function failure({ cause, message }: RuleResult, clean: (text: string) => string) {
  return {
    cause,
    step: message?.step ?? '',
    expected: clean(message?.expected ?? ''),
    got: clean(message?.got ?? ''),
    ...(message?.note ? { note: message.note } : {}),
  };
}

/** Which rule met the death of a host first depends on the moment. */
function notesOf({ notes }: Verdict): string[] {
  return [...new Set(notes.map((note) => note.replace(/\bR\d+\b/, '‹rule›')))];
}

function outputOf({ output }: Verdict, places: ReadonlyMap<string, string>): string {
  // Stacks move with every edit of the solution; what Node prints about a death differs from version to version.
  const own =
    withoutPlaces(output.text.replaceAll(/^ +at .*\n?/gm, ''), places).split(
      /^(?:\[[\d:x]+\] |-----|Node\.js v|<--- Last few GCs|.*FATAL ERROR)/m,
    )[0] ?? '';
  return output.truncated ? `${cut(own)} [cut]` : cut(own);
}

function cut(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** Folders of this run, and words of Node.js that differ between its versions. */
function withoutPlaces(text: string, places: ReadonlyMap<string, string>): string {
  let out = text;
  for (const [place, name] of places) out = out.replaceAll(place, name);
  return out
    .replaceAll(/workbook-\w{6}/g, '‹scratch›')
    .replaceAll(/Access to this API has been restricted\.[^\n]*/g, '‹refused by the permission model›')
    .replaceAll(/\d+ of 10 answered/g, '‹n› of 10 answered');
}

/**
 * What a subject's verdict should be. A subject without an expected.json must be judged just as its untouched base is.
 * When the tests run with UPDATE_CORPUS=1, the files are written anew.
 */
export function expectedEssence({ name, base }: CorpusSubject, actual: Essence): Essence | null {
  const own = join(corpusFolder, name, 'expected.json');
  const shared = join(corpusFolder, `untouched-${base}`, 'expected.json');
  if (process.env.UPDATE_CORPUS === '1') {
    if (own !== shared && isDeepStrictEqual(actual, read(shared))) rmSync(own, { force: true });
    else writeFileSync(own, `${written(actual)}\n`);
  }
  return read(own) ?? read(shared);
}

/** Signs that act on a terminal or hide from a reader are written out. */
function written(essence: Essence): string {
  return JSON.stringify(essence, null, 2).replace(unseen, (sign) =>
    sign === '\n' ? sign : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What is checked in for a subject: an expected.json of its own, or that of its untouched base. */
export function checkedIn({ name, base }: Pick<CorpusSubject, 'name' | 'base'>): Essence {
  return read(join(corpusFolder, name, 'expected.json')) ?? expectedOf(`untouched-${base}`);
}

/** What is checked in for a subject. */
export function expectedOf(name: string): Essence {
  const essence = read(join(corpusFolder, name, 'expected.json'));
  if (essence === null) throw new Error(`${name} has no expected.json`);
  return essence;
}

function read(file: string): Essence | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Essence) : null;
}
