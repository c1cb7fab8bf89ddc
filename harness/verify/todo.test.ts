import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadExercise } from '../catalog/load-exercise.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { temporaryFolder, writeFiles } from '../catalog/temp-workbook.ts';
import { scaffoldFiles } from '../scaffold/files.ts';
import { contentProblems } from './content.ts';
import { todoOf } from './todo.ts';

const HERE = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const ID = '47-begun';

/** A fresh scaffold, with other files in the place of some. */
function begun(changes: Record<string, string> = {}): { root: string; load: () => Exercise } {
  const root = temporaryFolder();
  const templates = join(HERE, 'harness', 'scaffold', 'templates');
  const beginning = {
    id: ID,
    kind: 'http' as const,
    title: 'Begun',
    phase: 1,
    minutes: 1,
    difficulty: 1,
    requires: [],
  };
  writeFiles(root, { ...Object.fromEntries(scaffoldFiles(templates, beginning)), ...changes });
  return {
    root,
    load: () => {
      const loaded = loadExercise(root, ID);
      if (!loaded.ok) throw new Error(loaded.problem.message);
      return loaded.exercise;
    },
  };
}

/** The text of a file without its placeholders. */
function written(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8').replaceAll('[to write]', 'Written:');
}

function quiz(count: number): string {
  const question = (index: number) => ({
    id: `q${index}`,
    question: 'What is the right answer?',
    options: ['a', 'b', 'c'].map((text) => ({ text, correct: text === 'a', why: 'Because it is so.' })),
    source: 'RFC 9110',
  });
  return JSON.stringify({ questions: Array.from({ length: count }, (_, index) => question(index)) });
}

describe('what an exercise still needs', () => {
  test('begins with the spec in a fresh scaffold, and counts the programs as there', () => {
    const todo = todoOf(begun().load());
    expect([todo.there, todo.all]).toEqual([3, 12]);
    expect(todo.next).toMatchObject({
      name: 'what is built, and why',
      where: `exercises/${ID}/README.md`,
      example: null,
    });
    expect(todo.next?.missing).toHaveLength(2);
    expect(todo.later.map(({ name }) => name)).toEqual([
      'the contract',
      'the rules',
      'the mistakes',
      'the variants',
      'the hints',
      'the quiz',
      'something to try, and further reading',
      'the walk-through',
    ]);
  });

  test('names the same place of an exercise that shows it well', () => {
    const { load } = begun({ 'exercises/01-http-server/README.md': '' });
    expect(todoOf(load()).next?.example).toBe('exercises/01-http-server/README.md');
  });

  test('goes on step by step in building order, until nothing is missing', () => {
    const { root, load } = begun();
    const order: (string | undefined)[] = [];
    const then = (files: Record<string, string>): void => {
      order.push(todoOf(load()).next?.name);
      writeFiles(root, files);
    };
    const readme = `exercises/${ID}/README.md`;
    const part = (path: string, before: string) => {
      const text = readFileSync(join(root, path), 'utf8');
      const at = text.indexOf(before);
      return { [path]: text.slice(0, at).replaceAll('[to write]', '') + text.slice(at) };
    };
    then(part(readme, '## Contract'));
    then(part(readme, '## Rules'));
    then(part(readme, '## Try it yourself'));
    const mistake = readFileSync(join(root, `solutions/${ID}/mistakes/no-allow-with-405.yaml`), 'utf8');
    then(
      Object.fromEntries([...'abcdefghi'].map((name) => [`solutions/${ID}/mistakes/${name}.yaml`, mistake])),
    );
    then({ [`solutions/${ID}/variants/a/README.md`]: '', [`solutions/${ID}/variants/b/README.md`]: '' });
    then({ [`exercises/${ID}/hints.md`]: written(root, `exercises/${ID}/hints.md`) });
    then({ [`exercises/${ID}/quiz.json`]: quiz(5) });
    then({ [readme]: written(root, readme) });
    then({ [`solutions/${ID}/README.md`]: '# Walk-through\n' });
    expect(order).toEqual([
      'what is built, and why',
      'the contract',
      'the rules',
      'the mistakes',
      'the variants',
      'the hints',
      'the quiz',
      'something to try, and further reading',
      'the walk-through',
    ]);
    expect(todoOf(load())).toMatchObject({ there: 12, all: 12, next: null, later: [] });
    expect(contentProblems(load())).toEqual([]);
  });

  test('finds what is missing in a later section, behind code and below other headings', () => {
    const { root, load } = begun();
    const readme = `exercises/${ID}/README.md`;
    writeFiles(root, {
      [readme]: `${written(root, readme)}\n## Words\n\n\`\`\`sh\n## no heading\n\`\`\`\n\n[to write] here\n`,
    });
    const problem = 'README.md, "Words" is still to be written: here';
    expect(contentProblems(load())).toContain(problem);
  });

  test.each([
    [
      'a rule that no suite has',
      'exercises/47-begun/hidden/core.suite.ts',
      "rule('R1', async () => {});\n",
      "hidden/ has no rule('R2', …): Another method on /health gets 405",
    ],
    ['four questions', 'exercises/47-begun/quiz.json', quiz(4), 'quiz.json has 4 questions instead of five'],
    ['a broken quiz', 'exercises/47-begun/quiz.json', '{', 'quiz.json: '],
    [
      'one hint',
      'exercises/47-begun/hints.md',
      '## R1\n\n1. One.\n',
      'hints.md has fewer than two levels for R1',
    ],
    [
      'a stray hint',
      'exercises/47-begun/hints.md',
      '## R9\n\n1. One.\n',
      'hints.md has R9, which is no rule',
    ],
  ])('tells of %s', (_what, path, text, problem) => {
    const { load } = begun({ [path]: text });
    expect(contentProblems(load()).join('\n')).toContain(problem);
  });

  test.each([
    ['stub/src/app.ts', 'the stub has no src/app.ts'],
    ['src/app.ts', 'the solution has no src/app.ts'],
    ['README.md', 'there is no walk-through'],
    ['mistakes', 'there are 0 of at least 10 mistakes'],
  ])('tells that %s is missing', (path, problem) => {
    const { root, load } = begun();
    rmSync(join(root, 'solutions', ID, path), { recursive: true });
    expect(contentProblems(load())).toContain(problem);
  });

  test('is nothing for the exercises of this workbook', () => {
    const ids = readdirSync(join(HERE, 'exercises')).filter((name) => /^0[1-4]-/.test(name));
    expect(ids).toHaveLength(4);
    for (const id of ids) {
      const loaded = loadExercise(HERE, id);
      expect(loaded.ok && contentProblems(loaded.exercise)).toEqual([]);
    }
  });
});
