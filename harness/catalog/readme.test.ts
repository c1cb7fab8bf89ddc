import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ROADMAP } from './roadmap.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const SECTION = /## I follow a roadmap\n([\s\S]*?)\n## /.exec(README)?.[1] ?? '';

/** The last cell of each row that leads from a step of a roadmap to exercises. */
const steps = [...SECTION.matchAll(/^\| (?!a roadmap|a course|a list|mistake|---)[^|]*\| ([^|]*) \|$/gm)].map(
  ([, cell = '']) => cell,
);

/** Rows of three cells: a mistake, the number of the exercise that has it, its names in the catalogue. */
const mistakes = [...SECTION.matchAll(/^\| [^|]* \| (\d\d) \| ([^|]*) \|$/gm)].map(
  ([, number = '', names = '']) => ({
    number,
    names: [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  }),
);

const folder = (number: string): string =>
  ROADMAP.find(({ id }) => id.startsWith(`${number}-`))?.id ?? 'none';

test('every command in the README is one', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = new Set(
    [...README.matchAll(/npm run (?:--silent )?([a-z][a-z:]*)/g)].map(([, command = '']) => command),
  );
  expect(named.size).toBeGreaterThan(20);
  expect([...named].filter((command) => scripts[command] === undefined)).toEqual([]);
});

describe('what the README says of the roadmaps', () => {
  test('names in italics just the exercises that are still to come', () => {
    expect(steps.length).toBeGreaterThan(40);
    const wrong = steps.flatMap((cell) =>
      [...cell.matchAll(/(\*?)\b(\d\d)\b/g)].flatMap(([, star, number = '']) => {
        const isHere = existsSync(join(ROOT, 'exercises', folder(number), 'exercise.json'));
        return isHere === (star === '') ? [] : [number];
      }),
    );
    expect([...new Set(wrong)]).toEqual([]);
  });

  test('finds each of the seven mistakes in the catalogue', () => {
    expect(mistakes).toHaveLength(7);
    const missing = mistakes.flatMap(({ number, names }) =>
      names.filter(
        (name) => !existsSync(join(ROOT, 'solutions', folder(number), 'mistakes', `${name}.yaml`)),
      ),
    );
    expect(missing).toEqual([]);
    expect(mistakes.every(({ names }) => names.length > 0)).toBe(true);
  });
});
