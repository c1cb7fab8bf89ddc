import {
  existsSync,
  readdirSync,
  statSync,
  writeFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * Bundled ahead of time: started through a loader, a check took twice as long (see `npm run bench`). An edition for a class
 * has not all of them.
 */
export const ENTRIES = {
  host: 'harness/host/main.ts',
  launcher: 'harness/host/launcher.ts',
  probe: 'harness/probe/main.ts',
  'text-probe': 'harness/probe/text-main.ts',
  redis: 'harness/probe/redis-main.ts',
  'redis-engine': 'harness/probe/redis-engine.ts',
  index: 'harness/suite/index.ts',
  runner: 'harness/suite/runner.ts',
  worker: 'harness/suite/thread.ts',
  'verify-worker': 'harness/verify/worker.ts',
  'mutate-worker': 'harness/mutate/worker.ts',
  'sweep-lane': 'harness/grade/sweep/lane.ts',
};

/** The process for a learner's tests, and what those import: one Vitest for both. It brings its packages along, and no Vite. */
export const TESTS = {
  'tests-host': 'harness/host/tests/main.ts',
  'tests/vitest': 'harness/host/tests/vitest.ts',
  'tests/supertest': 'harness/host/tests/supertest.ts',
  'tests/subject': 'harness/host/tests/subject.ts',
};

/** What browsers get, the page of `npm start` and the report of a class: one script and one style sheet each. */
export const PAGES = [
  { in: 'harness/dashboard/client/page.ts', out: 'page' },
  { in: 'harness/dashboard/client/page.css', out: 'page' },
  { in: 'harness/grade/gradebook/report/client/report.ts', out: 'report' },
  { in: 'harness/grade/gradebook/report/client/report.css', out: 'report' },
];

/** Found in node_modules at run time: native, or larger than all of ours together. All else is bundled and shaken. */
const EXTERNAL = [
  '@stryker-mutator/instrumenter',
  'better-sqlite3',
  'bullmq',
  'esbuild',
  'playwright-core',
  'vite',
  'vitest',
  'vitest/*',
];

/** Bundled CommonJS packages ask for Node's own modules by `require`. */
const REQUIRE = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);`;

/** `import { z }` takes in all of zod with every language; a namespace import only what is used, a quarter of it. */
const shakeZod = {
  name: 'shake-zod',
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/]harness[\\/].*\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8').replace(/^import \{ z \} from 'zod/m, "import * as z from 'zod"),
    }));
  },
};

/** Newest change of any source of the harness, and their number: adding, removing and editing all change it. */
export function sourceStamp(root) {
  let newest = 0;
  let count = 0;
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (/\.(ts|mjs|css)$/.test(entry.name) && !entry.name.endsWith('.test.ts')) {
        count++;
        newest = Math.max(newest, statSync(path).mtimeMs);
      }
    }
  };
  visit(join(root, 'harness'));
  visit(join(root, 'scripts'));
  newest = Math.max(newest, statSync(join(root, 'package-lock.json')).mtimeMs);
  return `${count} ${newest}`;
}

export function builtStamp(root) {
  try {
    return readFileSync(join(root, '.workbook', 'build', 'stamp'), 'utf8');
  } catch {
    return null;
  }
}

/** Builds into a folder of its own and swaps it in, so that a check that runs meanwhile never sees half a build. */
export async function build(root) {
  const stamp = sourceStamp(root);
  const { build: bundle } = await import('esbuild');
  const scripts = readdirSync(join(root, 'scripts')).filter((name) => name.endsWith('.ts'));
  const next = join(root, '.workbook', `build-${process.pid}`);
  mkdirSync(next, { recursive: true });
  const common = {
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    absWorkingDir: root,
    sourcemap: 'linked',
    logLevel: 'warning',
  };
  const { host, launcher, probe, redis, 'redis-engine': engine, 'text-probe': text, ...trusted } = ENTRIES;
  await Promise.all([
    // Hosts and probes are one file each: it is all that they may read of the workbook.
    bundle({
      ...common,
      entryPoints: { host, launcher, probe, redis, 'redis-engine': engine },
      outdir: next,
      outExtension: { '.js': '.mjs' },
      sourcemap: false,
    }),
    // This one brings its parsers along.
    bundle({
      ...common,
      entryPoints: { 'text-probe': text },
      outdir: next,
      outExtension: { '.js': '.mjs' },
      packages: 'bundle',
      sourcemap: false,
      banner: { js: REQUIRE },
    }),
    bundle({
      ...common,
      entryPoints: TESTS,
      outdir: next,
      outExtension: { '.js': '.mjs' },
      chunkNames: 'tests/[name]-[hash]',
      splitting: true,
      packages: 'bundle',
      sourcemap: false,
      banner: { js: REQUIRE },
    }),
    bundle({
      ...common,
      // An edition has no report of a class.
      entryPoints: PAGES.filter((page) => existsSync(join(root, page.in))),
      outdir: join(next, 'page'),
      platform: 'browser',
      target: 'es2022',
      packages: 'bundle',
      sourcemap: false,
      minify: true,
      // Its own tsconfig.json is for the types alone, and rests on one that may not be there.
      tsconfigRaw: '{}',
    }),
    bundle({
      ...common,
      entryPoints: {
        ...Object.fromEntries(Object.entries(trusted).filter(([, file]) => existsSync(join(root, file)))),
        ...Object.fromEntries(scripts.map((name) => [`scripts/${name.slice(0, -3)}`, `scripts/${name}`])),
      },
      outdir: next,
      splitting: true,
      packages: 'bundle',
      external: EXTERNAL,
      plugins: [shakeZod],
      banner: { js: REQUIRE },
    }),
  ]);
  writeFileSync(join(next, 'stamp'), stamp);
  writeFileSync(join(next, 'package.json'), '{ "type": "module" }\n');
  swapIn(root, next);
}

function swapIn(root, next) {
  const target = join(root, '.workbook', 'build');
  const old = join(root, '.workbook', `build-old-${process.pid}`);
  try {
    renameSync(target, old);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  try {
    renameSync(next, target);
  } catch {
    // Another process swapped its build in first; ours is the same.
    rmSync(next, { recursive: true, force: true });
  }
  rmSync(old, { recursive: true, force: true });
}
