import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { HOSTILE } from '../../testing/graded.ts';
import { madeClass } from '../testing/made-class.ts';
import { twoExercises } from '../testing/made-exercises.ts';
import type { MadeClass } from '../testing/made-class.ts';
import { similarPairs, linesOf } from '../../similar/similar.ts';
import { analyse } from './analysis.ts';
import { STATES } from './data.ts';
import type { ExerciseReport, ReportData } from './data.ts';
import { endingOf } from './endings.ts';
import { renderReport } from './page.ts';

const assets = { script: 'document.title', style: 'p { color: red }' };

/** What a class comes to, without a folder. */
async function dataOf({ gradebook, verdicts, submissions }: MadeClass): Promise<ReportData> {
  const endings = new Map([...verdicts].map(([at, verdict]) => [at, endingOf(verdict)]));
  const each = gradebook.assignment.exercises.map(async (exercise): Promise<ExerciseReport> => {
    const of = <T>(all: ReadonlyMap<string, T>): [string, T][] =>
      [...all].flatMap(([at, value]) =>
        at.endsWith(`/${exercise.id}`) ? [[at.split('/')[0] ?? '', value] as [string, T]] : [],
      );
    const files = new Map(of(submissions));
    const similar = await similarPairs(
      { names: [...files.keys()], read: (name) => files.get(name) ?? null },
      null,
    );
    const lines = (name: string): ReturnType<typeof linesOf> => linesOf(files.get(name) ?? new Map());
    const pairs = similar.pairs.map((pair) => ({
      ...pair,
      sameTeam: false,
      text: { left: lines(pair.left), right: lines(pair.right) },
    }));
    return {
      exercise,
      rules: analyse(
        exercise,
        of(endings).map(([, ending]) => ending),
        new Map(),
      ),
      similar,
      pairs,
    };
  });
  return { gradebook, exercises: await Promise.all(each), endings, problems: [HOSTILE] };
}

/** Every tag and attribute of the page, by a parser of XML: stricter than a browser, so nothing odd goes unseen. */
function tagsOf(page: string): { name: string; attributes: Record<string, string> }[] {
  const tags: { name: string; attributes: Record<string, string> }[] = [];
  const parser = new SaxesParser({ fragment: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) =>
    tags.push({ name, attributes: attributes as Record<string, string> }),
  );
  const xml = page
    .replace('<!doctype html>', '')
    // No character to XML, and nothing to a browser.
    .replaceAll('\ufffe', '')
    .replace(/<(meta|input|br|wbr)\b((?:"[^"]*"|[^">])*)>/g, '<$1$2/>')
    .replace(/ (hidden|open|data-sort)(?=[ >])/g, ' $1=""');
  parser
    .write(
      xml.replace(
        /<style>[^]*?<\/style>|<script>[^]*?<\/script>/g,
        (text) => text.slice(0, text.indexOf('>') + 1) + text.slice(text.lastIndexOf('</')),
      ),
    )
    .close();
  return tags;
}

test('has no style for a class that is written nowhere', () => {
  const folder = import.meta.dirname;
  const sources = readdirSync(folder)
    .filter((name) => /(?<!\.test)\.ts$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const written = new Set(
    [...sources.matchAll(/class="([^"]*)"/g)].flatMap(([, names = '']) => names.split(/[ $]+/)),
  );
  // `class="${state}"`
  for (const state of Object.keys(STATES)) written.add(state);
  const style = readFileSync(join(folder, 'client', 'report.css'), 'utf8').replace(/\{[^{}]*\}/g, '{}');
  const styled = [...style.matchAll(/\.([a-z][\w-]*)/g)].map(([, name]) => name ?? '');
  expect(styled.length).toBeGreaterThan(20);
  // The first line takes the style of the page in.
  expect(styled.filter((name) => !written.has(name) && name !== 'css')).toEqual([]);
});

describe('the report of a hostile class', async () => {
  const made = madeClass({ students: 12, exercises: twoExercises(), hostile: true, copies: 6 });
  const page = await renderReport(await dataOf(made), assets);
  const tags = tagsOf(page);

  test('is well formed: whatever stands in it, no tag and no attribute comes from it', () => {
    expect(page).toContain('stop-commands');
    expect(tags.filter(({ name }) => name === 'script')).toEqual([{ name: 'script', attributes: {} }]);
    expect(
      tags.filter(({ name }) =>
        ['img', 'iframe', 'object', 'embed', 'link', 'base', 'svg', 'audio'].includes(name),
      ),
    ).toEqual([]);
    const names = new Set(tags.flatMap(({ attributes }) => Object.keys(attributes)));
    expect([...names].filter((name) => name.startsWith('on'))).toEqual([]);
    // A sign that turns the direction of writing, or cannot be seen, is written out.
    for (const sign of ['\u202e', '\u0000', '\u001b']) expect(page).not.toContain(sign);
  });

  test('leads nowhere but to itself and to the verdicts beside it', () => {
    const addresses = tags
      .flatMap(({ attributes }) => [attributes.href, attributes.src, attributes.action])
      .filter((each) => each !== undefined);
    expect(addresses.length).toBeGreaterThan(50);
    for (const address of addresses) expect(address).toMatch(/^(#[\w.-]+|verdicts\/[\w.-]+\/[\w.-]+\.json)$/);
    const ids = new Set(tags.flatMap(({ attributes }) => attributes.id ?? []));
    for (const address of addresses.filter((each) => each.startsWith('#')))
      expect(ids).toContain(address.slice(1));
    const all = tags.flatMap(({ attributes }) => attributes.id ?? []);
    expect(ids.size).toBe(all.length);
  });

  test('lets no script run but its own, and nothing be fetched', async () => {
    const policy = tags.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy')
      ?.attributes.content;
    const digest = createHash('sha256').update(assets.script).digest('base64');
    expect(policy).toBe(
      `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`,
    );
    const other = renderReport(await dataOf(made), { ...assets, script: '"</script>"' });
    await expect(other).rejects.toThrow(/end early/);
  });

  test('a mark that names another address than a sweep’s is no link', async () => {
    const [student] = made.gradebook.students;
    const exercise = student?.exercises.find(({ verdict }) => verdict !== null);
    if (student === undefined || exercise === undefined) throw new Error('the class is empty');
    const odd = { ...exercise, verdict: 'javascript:alert(1)' };
    const students = [{ ...student, exercises: [odd] }];
    expect(
      await renderReport({ ...(await dataOf(made)), gradebook: { ...made.gradebook, students } }, assets),
    ).not.toContain('href="javascript');
  });
});

test('no program of the corpus gets anything into the report but text', async () => {
  const corpus = join(process.cwd(), 'harness', 'check', 'corpus');
  const names = readdirSync(corpus, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(corpus, entry.name, 'src')))
    .map(({ name }) => name);
  const programs = names.flatMap((name) =>
    readdirSync(join(corpus, name, 'src')).map((file) =>
      readFileSync(join(corpus, name, 'src', file), 'utf8'),
    ),
  );
  expect(programs.length).toBeGreaterThan(100);
  const made = madeClass({ students: 2, exercises: twoExercises() });
  const [student] = made.gradebook.students;
  const at = [...made.verdicts.keys()][0] ?? '';
  const data = await dataOf(made);
  const ending = data.endings.get(at);
  if (ending === undefined || student === undefined) throw new Error('the class is empty');
  const text = programs.join('\n').slice(0, 200_000);
  const before = tagsOf(await renderReport(data, assets)).length;
  const full = { ...ending, output: text, notes: [text], error: text };
  const page = await renderReport({ ...data, endings: new Map([...data.endings, [at, full]]) }, assets);
  // The fold around what was printed, a note and an error: no more.
  expect(tagsOf(page).length - before).toBeLessThanOrEqual(5);
});

test('shows what a class needs: marks, rules, failures, lateness, evidence, similar programs', async () => {
  const made = madeClass({ students: 40, exercises: twoExercises(), copies: 20 });
  const text = (await renderReport(await dataOf(made), assets)).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  for (const words of [
    'student-001',
    'expected 200',
    'self-declared: a date that can be made up',
    'isolation namespace',
    'late',
    'region',
  ]) {
    expect(text).toContain(words);
  }
  expect(text).toContain('student-019 and student-020');
  expect(text).toContain('The repository does not exist, or you may not read it.');
});

test('of a class that is too large for its failures there is a line for each exercise, and the page says so', async () => {
  const data = await dataOf(madeClass({ students: 30, exercises: twoExercises() }));
  const full = await renderReport(data, assets);
  const small = await renderReport(data, assets, 1_000);
  expect(full).toContain('expected  ');
  expect(small).not.toContain('expected  ');
  expect(small).toContain('too large for the texts of failures');
  expect(small).toMatch(/✗ R\d/);
  expect(small).toContain('<div id="s-student-030">');
});

test('those who handed in the same bytes are one group, named in the table as well', async () => {
  const made = madeClass({ students: 12, exercises: twoExercises() });
  const text = made.submissions.get('student-002/01-first');
  const names = ['student-003', 'student-005'];
  for (const name of names) made.submissions.set(`${name}/01-first`, text ?? new Map());
  const page = await renderReport(await dataOf(made), assets);
  expect(page).toContain('<b>3 students</b> handed in the same bytes');
  for (const name of ['student-002', ...names])
    expect(page).toMatch(new RegExp(`<tr data-m="similar[^>]*><th scope="row"><a href="#s-${name}"`));
});
