import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXERCISE } from '../check/corpus/subject.ts';
import type { Place } from './ground.ts';
import type { Row } from './rows.ts';

/**
 * A submission that attacks whoever takes it in, before any program of it runs. Its program is the stub: with a point, or
 * with the marker made, it has succeeded.
 */
export type SubmissionAttack = {
  name: string;
  tries: readonly Row[];
  does: string;
  /** Makes it out of an untouched fork with nothing but the stub in it. `src`: the folder of the program. */
  make: (fork: string, src: string, place: Place) => void;
};

const solution = ({ root }: Place): string => join(root, 'solutions', EXERCISE, 'src', 'server.ts');
const owning = ({ marker }: Place): string =>
  `require('node:fs').writeFileSync(${JSON.stringify(marker)}, 'owned');\n`;

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

export const SUBMISSIONS: readonly SubmissionAttack[] = [
  {
    name: 'is-a-link-to-the-solution',
    tries: ['D1'],
    does: 'has a link to the solution in the place of its program',
    make: (_fork, src, place) => {
      rmSync(join(src, 'server.ts'));
      symlinkSync(solution(place), join(src, 'server.ts'));
    },
  },
  {
    name: 'is-a-hard-link-to-the-solution',
    tries: ['D1'],
    does: 'has a second name of the solution in the place of its program',
    make: (_fork, src, place) => {
      rmSync(join(src, 'server.ts'));
      linkSync(solution(place), join(src, 'server.ts'));
    },
  },
  {
    name: 'is-a-linked-folder',
    tries: ['D1'],
    does: 'has a link to the folder of the solution in the place of its own',
    make: (_fork, src, place) => {
      rmSync(src, { recursive: true });
      symlinkSync(dirname(solution(place)), src);
    },
  },
  {
    name: 'has-names-that-collide',
    tries: ['D2'],
    does: 'has its program twice, in names that some systems take for one, and a name of a device',
    make: (_fork, src, place) => {
      cpSync(solution(place), join(src, 'Server.ts'));
      writeFileSync(join(src, 'con.ts'), 'export {};\n');
    },
  },
  {
    name: 'has-many-files',
    tries: ['D3'],
    does: 'has two thousand files',
    make: (_fork, src) => {
      for (let index = 0; index < 2_000; index++) writeFileSync(join(src, `${index}.ts`), 'export {};\n');
    },
  },
  {
    name: 'is-a-pipe',
    tries: ['D4'],
    does: 'has a pipe that nobody writes in the place of its program',
    make: (_fork, src) => {
      rmSync(join(src, 'server.ts'));
      execFileSync('mkfifo', [join(src, 'server.ts')]);
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
  },
  {
    name: 'brings-git-hooks',
    tries: ['D7'],
    does: 'is a repository with hooks, filters and a monitor that run programs',
    make: (fork, _src, place) => {
      execFileSync('git', ['init', '--quiet', fork], { stdio: 'ignore' });
      for (const name of ['post-checkout', 'pre-commit', 'reference-transaction', 'post-index-change']) {
        const hook = join(fork, '.git', 'hooks', name);
        write(hook, `#!/bin/sh\ntouch ${place.marker}\n`);
        chmodSync(hook, 0o755);
      }
      const config = `[core]\n\tfsmonitor = "touch ${place.marker}"\n[filter "owned"]\n\tsmudge = touch ${place.marker}\n`;
      writeFileSync(join(fork, '.git', 'config'), config);
      write(join(fork, '.gitattributes'), '* filter=owned\n');
    },
  },
  {
    name: 'replaces-the-judge',
    tries: ['C4', 'C5'],
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
  },
];
