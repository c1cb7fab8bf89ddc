import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { dockerfileMutants, lineMutants, yamlMutants } from './config-mutants.ts';

const textOf = ({ how }: { how: { kind: string; text?: string } }): string => how.text ?? '';

describe('mutants of YAML', () => {
  const text = 'name: app\nlist:\n  - one\n  - two: 2\nflag: true\n';

  test('drop each key and each item, with all below it', () => {
    const dropped = yamlMutants('src/x.yaml', text).filter(({ mutator }) => mutator === 'Dropped');
    expect(dropped.map((each) => parse(textOf(each)) as unknown)).toEqual([
      { list: ['one', { two: 2 }], flag: true },
      { name: 'app', flag: true },
      { name: 'app', list: [{ two: 2 }], flag: true },
      { name: 'app', list: ['one'], flag: true },
      { name: 'app', list: ['one', {}], flag: true },
      { name: 'app', list: ['one', { two: 2 }] },
    ]);
    expect(dropped.map(({ line }) => line)).toEqual([1, 2, 3, 4, 4, 5]);
  });

  test('flip what is true or false', () => {
    const flipped = yamlMutants('src/x.yaml', text).filter(({ mutator }) => mutator === 'Flipped');
    expect(flipped).toHaveLength(1);
    expect(flipped[0]).toMatchObject({ original: 'flag: true', replacement: 'flag: false', line: 5 });
    expect(flipped.map((each) => parse(textOf(each)) as unknown)).toEqual([
      { name: 'app', list: ['one', { two: 2 }], flag: false },
    ]);
  });

  test('leave out a change after which an alias would lead nowhere', () => {
    const anchored = 'a: &a\n  x: 1\nb: *a\n';
    expect(yamlMutants('src/x.yaml', anchored).map(textOf)).toEqual(['a: &a {}\nb: *a\n', 'a: &a\n  x: 1\n']);
  });
});

test('mutants of a Dockerfile drop each instruction, with the lines that belong to it', () => {
  const text = 'FROM a\n# why\nRUN one \\\n  two\nCMD ["x"]\n';
  expect(dockerfileMutants('src/Dockerfile', text).map(textOf)).toEqual([
    '\n# why\nRUN one \\\n  two\nCMD ["x"]\n',
    'FROM a\n# why\n\nCMD ["x"]\n',
    'FROM a\n# why\nRUN one \\\n  two\n\n',
  ]);
});

test('mutants of a list of lines drop each that is no comment', () => {
  expect(lineMutants('src/.dockerignore', '# all\n*\n\n!app\n').map(textOf)).toEqual([
    '# all\n\n\n!app\n',
    '# all\n*\n\n\n',
  ]);
});
