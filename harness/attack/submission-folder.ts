import { execFileSync } from 'node:child_process';
import { cpSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXERCISE } from '../check/corpus/subject.ts';
import { owning, solutionIn, write } from './submission.ts';
import type { SubmissionAttack } from './submission.ts';

const RIGHT = 'export const double = (n: number) => n * 2;\n';
const NOTHING_THERE = 'there is nothing behind it that could be read';
const AS_IMPORTED = 'it reads what is imported, and nothing else';
const NO_COPY = 'it copies no file to a system with other names';

/** A program that prints a file beside it. */
const SHOWS = `import { readFileSync } from 'node:fs';
console.log(readFileSync(new URL('./notes.ts', import.meta.url), 'utf8'));
`;

/** Submissions that are folders. */
export const FOLDERS: readonly SubmissionAttack[] = [
  {
    name: 'is-a-link-to-the-solution',
    tries: ['D1'],
    does: 'has a link to the solution in the place of its program',
    make: (_fork, src, place) => {
      rmSync(join(src, 'server.ts'));
      symlinkSync(solutionIn(place), join(src, 'server.ts'));
    },
    ends: 'error',
    plain: (folder, own) => {
      write(join(folder, 'solution', 'double.ts'), RIGHT);
      rmSync(join(own, 'double.ts'));
      symlinkSync(join(folder, 'solution', 'double.ts'), join(own, 'double.ts'));
    },
  },
  {
    name: 'is-a-hard-link-to-the-solution',
    tries: ['D1'],
    does: 'has a second name of the solution in the place of its program',
    make: (_fork, src, place) => {
      rmSync(join(src, 'server.ts'));
      linkSync(solutionIn(place), join(src, 'server.ts'));
    },
    ends: 'error',
    plain: (folder, own) => {
      write(join(folder, 'solution', 'double.ts'), RIGHT);
      rmSync(join(own, 'double.ts'));
      linkSync(join(folder, 'solution', 'double.ts'), join(own, 'double.ts'));
    },
  },
  {
    name: 'is-a-linked-folder',
    tries: ['D1'],
    does: 'has a link to the folder of the solution in the place of its own',
    make: (_fork, src, place) => {
      rmSync(src, { recursive: true });
      symlinkSync(dirname(solutionIn(place)), src);
    },
    ends: 'error',
    plain: (folder, own) => {
      const test = `import { expect, test } from 'vitest';
import { double } from './src/double.ts';
test('doubles', () => expect(double(2)).toBe(4));
`;
      writeFileSync(join(own, 'double.test.ts'), test);
      write(join(folder, 'solution', 'double.ts'), RIGHT);
      symlinkSync(join(folder, 'solution'), join(own, 'src'));
    },
  },
  {
    name: 'is-a-link-to-a-secret',
    tries: ['D1', 'B1'],
    does: 'prints a file that is a link to one beside the workbook',
    make: (_fork, src, place) => {
      symlinkSync(place.secretFile, join(src, 'notes.ts'));
      write(join(src, 'server.ts'), SHOWS);
    },
    ends: 'error',
    plain: (_folder, own, place) => {
      symlinkSync(place.secretFile, join(own, 'notes.ts'));
      write(join(own, 'trick.ts'), SHOWS);
    },
  },
  {
    name: 'is-a-link-to-nowhere',
    tries: ['D1'],
    does: 'has a link that leads nowhere in the place of its program',
    make: (_fork, src) => {
      rmSync(join(src, 'server.ts'));
      symlinkSync('./nowhere.ts', join(src, 'server.ts'));
    },
    ends: 'error',
    plain: NOTHING_THERE,
  },
  {
    name: 'is-a-circle-of-links',
    tries: ['D1'],
    does: 'has links that lead to each other, and a folder that holds itself',
    make: (_fork, src) => {
      rmSync(join(src, 'server.ts'));
      symlinkSync('./other.ts', join(src, 'server.ts'));
      symlinkSync('./server.ts', join(src, 'other.ts'));
      symlinkSync('.', join(src, 'inner'));
    },
    ends: 'error',
    plain: NOTHING_THERE,
  },
  {
    name: 'has-names-that-collide',
    tries: ['D2'],
    does: 'has its program twice, in names that some systems take for one, and a name of a device',
    make: (_fork, src, place) => {
      cpSync(solutionIn(place), join(src, 'Server.ts'));
      writeFileSync(join(src, 'con.ts'), 'export {};\n');
    },
    ends: 'error',
    plain: NO_COPY,
  },
  {
    name: 'has-names-that-act',
    tries: ['F6', 'F1', 'F2'],
    does: 'has files with names that are options, commands of a shell, paths of a URL and signs of a terminal',
    make: (_fork, src, { marker }) => {
      const code = Buffer.from(`touch ${marker}`).toString('base64').replaceAll('/', '_');
      const command = `echo ${code}|tr _ '\\57'|base64 -d|sh`;
      const names = [`$(${command})`, `\`${command}\``, `;${command};`, `'||${command}||'`];
      const others = ['--help', '-e process.exit(0)', '%2e%2e%2fup', '\u001b[2J\n::error::red', '../'];
      for (const name of [...names, ...others.filter((each) => !each.includes('/'))]) {
        writeFileSync(join(src, `${name}.ts`), 'export {};\n');
      }
    },
    ends: 'failed',
    plain: 'it hands no name of a program to a shell',
  },
  {
    name: 'has-many-files',
    tries: ['D3'],
    does: 'has two thousand files',
    make: (_fork, src) => {
      for (let index = 0; index < 2_000; index++) writeFileSync(join(src, `${index}.ts`), 'export {};\n');
    },
    ends: 'error',
    plain: AS_IMPORTED,
  },
  {
    name: 'is-one-huge-file',
    tries: ['D3'],
    does: 'has a program of 64 MB',
    make: (_fork, src) => writeFileSync(join(src, 'server.ts'), Buffer.alloc(64 << 20, ' ')),
    ends: 'error',
    plain: 'it reads files of any size, and this one passes no test',
  },
  {
    name: 'lies-very-deep',
    tries: ['D3'],
    does: 'has folders in folders, some hundred levels of them',
    make: (_fork, src) =>
      write(join(src, ...Array.from({ length: 400 }, () => 'deep'), 'a.ts'), 'export {};\n'),
    ends: 'error',
    plain: AS_IMPORTED,
  },
  {
    name: 'is-a-pipe',
    tries: ['D4'],
    does: 'has a pipe that nobody writes in the place of its program',
    make: (_fork, src) => {
      rmSync(join(src, 'server.ts'));
      execFileSync('mkfifo', [join(src, 'server.ts')]);
    },
    ends: 'error',
    plain: (_folder, own) => {
      rmSync(join(own, 'double.ts'));
      execFileSync('mkfifo', [join(own, 'double.ts')]);
    },
  },
  {
    name: 'brings-config',
    tries: ['D5', 'D8'],
    does: 'has config files of many tools that run code, and variables for Node.js',
    make: (fork, src, place) => {
      for (const folder of [fork, src]) {
        for (const name of ['postcss.config.cjs', 'babel.config.cjs', 'vitest.config.cjs', '.swcrc.cjs']) {
          write(join(folder, name), owning(place));
        }
        write(join(folder, 'tsconfig.json'), '{ "extends": "./missing.json" }');
        write(join(folder, '.env'), 'NODE_OPTIONS=--require ./postcss.config.cjs\n');
        write(join(folder, '.npmrc'), 'node-options=--require ./postcss.config.cjs\n');
      }
    },
    ends: 'failed',
    plain: (folder, _own, place) => write(join(folder, 'postcss.config.cjs'), owning(place)),
  },
  {
    name: 'brings-options-for-node',
    tries: ['D8'],
    does: 'names a file that Node.js is to run before everything, where npm looks for it',
    make: (fork, src, place) => {
      for (const folder of [fork, src]) {
        write(join(folder, 'first.cjs'), owning(place));
        write(join(folder, '.npmrc'), `node-options=--require ${join(folder, 'first.cjs')}\n`);
      }
    },
    ends: 'failed',
    plain: (folder, _own, place) => {
      write(join(folder, 'first.cjs'), owning(place));
      write(join(folder, '.npmrc'), `node-options=--require ${join(folder, 'first.cjs')}\n`);
      write(join(folder, 'package.json'), '{ "name": "fork" }');
    },
  },
  {
    name: 'brings-packages',
    tries: ['D6'],
    does: 'has packages of its own, the test runner among them',
    make: (fork, src, place) => {
      for (const folder of [fork, src]) {
        for (const name of ['vitest', 'esbuild', 'express', 'zod']) {
          write(join(folder, 'node_modules', name, 'index.js'), owning(place));
          write(join(folder, 'node_modules', name, 'package.json'), '{ "main": "index.js" }');
        }
      }
    },
    ends: 'failed',
    plain: (folder, _own, place) => {
      renameSync(join(folder, 'node_modules'), join(folder, 'real_modules'));
      mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
      const runner = join(folder, 'node_modules', '.bin', 'vitest');
      writeFileSync(runner, `#!/usr/bin/env node\n${owning(place)}`, { mode: 0o755 });
    },
  },
  {
    name: 'installs-itself',
    tries: ['D6'],
    does: 'has scripts that npm runs when it installs or tests',
    make: (fork, src, place) => {
      const run = `node -e ${JSON.stringify(owning(place))}`;
      const names = ['preinstall', 'install', 'postinstall', 'prepare', 'pretest', 'test', 'grade'];
      const scripts = Object.fromEntries(names.map((name) => [name, run]));
      for (const folder of [fork, dirname(src), src]) {
        write(join(folder, 'package.json'), JSON.stringify({ name: 'fork', scripts }));
        write(join(folder, 'package-lock.json'), '{ "lockfileVersion": 3, "packages": {} }');
      }
    },
    ends: 'failed',
    plain: 'it installs nothing; whoever runs `npm ci` in a fork has run its scripts',
  },
  {
    name: 'replaces-the-judge',
    tries: ['C5', 'C4'],
    does: 'has suites, a manifest, workflows, a harness and progress of its own, in which all is well',
    make: (fork, src, place) => {
      const exercise = dirname(src);
      const passing = `import { rule } from '#suite';\nfor (let n = 1; n < 40; n++) rule(\`R\${n}\`, () => {});\n`;
      write(join(exercise, 'hidden', 'core.suite.ts'), passing);
      write(join(exercise, 'exercise.json'), '{ "editable": ["**/*"], "rules": {} }');
      write(join(fork, 'solutions', EXERCISE, 'stub', 'src', 'server.ts'), 'export {};\n');
      write(join(fork, 'harness', 'check', 'check.ts'), owning(place));
      write(join(fork, '.workbook', 'build', 'worker.js'), owning(place));
      write(join(fork, '.workbook', 'progress.sqlite'), 'passed');
      write(join(fork, 'package.json'), '{ "scripts": { "grade": "exit 0" } }');
      write(join(fork, '.github', 'workflows', 'grade.yml'), 'on: pull_request_target\n');
    },
    ends: 'failed',
    plain: (_folder, own) =>
      writeFileSync(
        join(own, 'double.test.ts'),
        `import { test } from 'vitest';\ntest('doubles', () => {});\n`,
      ),
  },
  {
    name: 'brings-reports',
    tries: ['C2'],
    does: 'has marks and verdicts of its own, with functions in them that a careless reader runs',
    make: (fork, src, { marker }) => {
      const code = `_$$ND_FUNC$$_function(){require('fs').writeFileSync(${JSON.stringify(marker)},'owned')}()`;
      const forged = {
        schema: 1,
        passed: true,
        points: 99,
        status: 'passed',
        mastered: true,
        toString: code,
      };
      const text = JSON.stringify(forged).replace('"schema"', '"__proto__":{"passed":true},"schema"');
      for (const folder of [fork, dirname(src), src, join(fork, '.workbook')]) {
        for (const name of ['grades.json', 'results.json', 'verdict.json', 'progress.json']) {
          write(join(folder, name), text);
        }
        write(join(folder, 'summary.yaml'), `!!js/function 'function () { ${code} }'\n`);
      }
      write(join(fork, 'verdicts', `${EXERCISE}.json`), text);
    },
    ends: 'failed',
    plain: 'it reads no report',
  },
];
