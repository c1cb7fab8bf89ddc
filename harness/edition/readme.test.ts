import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { listExercises } from '../catalog/catalog.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { LEARNER_COMMANDS } from './harness-files.ts';
import { anchorOf, editionReadme } from './readme.ts';

const README = readFileSync('README.md', 'utf8');
const listed = listExercises(process.cwd());
const all = listed.ok ? listed.exercises.flatMap((each) => (each.ok ? [each.exercise] : [])) : [];
const pick = (...ids: string[]): Exercise[] => all.filter(({ id }) => ids.includes(id));

/** The README of an edition of this workbook. */
const readmeOf = (exercises: Exercise[], held: [string, string[]][] = []): string =>
  editionReadme(README, exercises, new Map(held.map(([id, rules]) => [id, new Set(rules)])));

describe('the README of an edition', () => {
  test('names no command that is not in it', () => {
    const commands = new Set([...readmeOf(all).matchAll(/npm run ([a-z-]+)/g)].map(([, name]) => name ?? ''));
    expect([...commands].filter((name) => !LEARNER_COMMANDS.some((each) => each === name))).toEqual([]);
    expect(commands.size).toBeGreaterThan(8);
  });

  test('names no exercise and no file that is not in it', () => {
    const text = readmeOf(pick('04-jwt', '05-validation'));
    expect(new Set(text.match(/\b\d\d-[a-z]+(-[a-z]+)*\b/g))).toEqual(new Set(['04-jwt', '05-validation']));
    expect(text).not.toContain('CONTRIBUTING');
    expect(text).toContain('npm run check 04-jwt R4              one rule');
  });

  test('has no link that leads to what is not in it', () => {
    const text = readmeOf(pick('04-jwt'));
    expect([...text.matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => to)).toEqual([
      'https://nodejs.org',
      'AGENTS.md',
    ]);
    expect(text).not.toMatch(/class to grade|For instructors/);
  });

  test('names a rule that the exercise has', () => {
    expect(readmeOf(pick('02-sql'))).toMatch(/npm run hint 02-sql R4/);
    const [first] = pick('03-crud-api');
    if (first === undefined) throw new Error('there is no 03');
    const other = { ...first, rules: first.rules.filter(({ id }) => id !== 'R4') };
    expect(readmeOf([other])).toMatch(/npm run hint 03-crud-api R1/);
  });

  test('shows the first hour where it is true: with both exercises and all their rules', () => {
    expect(readmeOf(all)).toContain('### An hour, in short');
    expect(readmeOf(all)).not.toContain('more are to come');
    expect(readmeOf(pick('01-http-server', '04-jwt'))).not.toContain('An hour, in short');
    expect(readmeOf(all, [['01-http-server', ['R14']]])).not.toContain('Ten requests to /slow');
  });

  test('keeps what stands in blocks of code, and ends with the licence', () => {
    const text = editionReadme(
      '# T\n\n## For learners\n\n```\n## For authors\n```\n\n## Licence\n\nMIT\n',
      all,
      new Map(),
    );
    expect(text).toContain('```\n## For authors\n```');
    expect(text.endsWith('## Licence\n\nMIT\n')).toBe(true);
  });
});

test.each(['README.md', 'CONTRIBUTING.md'])('every link in %s leads somewhere', (name) => {
  const anchorsOf = (file: string) =>
    [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => anchorOf(title));
  const links = [...readFileSync(name, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to);
  const dead = links.filter((to) => {
    if (to.startsWith('https://')) return false;
    const [file = '', anchor] = to.split('#');
    const target = file === '' ? name : file;
    return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
  expect(links.length).toBeGreaterThan(0);
  expect(dead).toEqual([]);
});
