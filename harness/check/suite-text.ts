import { readFileSync } from 'node:fs';
import { createRequire, SourceMap } from 'node:module';
import type { SourceMapPayload } from 'node:module';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { hiddenText } from '../catalog/hidden.ts';

/** The suites of an exercise as one module. `map`: its source map, JSON, read only when something went wrong. */
export type SuiteText = { code: string; map: string };

export type Bundled = { ok: true; text: SuiteText } | { ok: false; why: string };

/** Ends the name of the module, in any form in which Vitest asks for it. There is no such file. */
const SUFFIX = '/hidden/__check__.js';

/** Its places in a stack trace: `/exercises/01-http-server/hidden/__check__.js:48:25`. */
const PLACE = /[^\s()]*\/hidden\/__check__\.js:(\d+):(\d+)/g;

/** The namespace of esbuild in which the files lie: it reads nothing of them, and nothing beside them, by itself. */
const NAMESPACE = 'suite';

/** The name of the module for an exercise's folder. Vitest's names have forward slashes on every system. */
export function suiteModule(folder: string): string {
  return folder.replaceAll('\\', '/') + SUFFIX;
}

export function isSuiteModule(id: string): boolean {
  return id.endsWith(SUFFIX);
}

/**
 * Puts the suites and the call that runs them together, in memory. Given to Vitest as they are, file by file, they would
 * go through two transforms and two source maps each, on the thread that everything else waits for.
 */
export async function bundleSuites(suites: readonly string[]): Promise<Bundled> {
  const { build } = createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
  try {
    const { outputFiles = [] } = await build(optionsFor(suites));
    const map = outputFiles.find((file) => file.path.endsWith('.map'));
    const code = outputFiles.find((file) => !file.path.endsWith('.map'));
    if (map === undefined || code === undefined) throw new Error('esbuild answered without output');
    return { ok: true, text: { code: code.text, map: map.text } };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

function optionsFor(suites: readonly string[]): BuildOptions {
  const imports = suites.map((file) => `import ${JSON.stringify(file)};`);
  return {
    stdin: { contents: [...imports, `import { runPlan } from '#runner';`, 'await runPlan();'].join('\n') },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'external',
    sourcesContent: false,
    outdir: '/',
    logLevel: 'silent',
    // Nothing of a tsconfig.json or package.json on the way: those may be the learner's.
    tsconfigRaw: '{}',
    plugins: [suiteFiles(suites)],
  };
}

const suiteFiles = (suites: readonly string[]): Plugin => ({
  name: 'suite-files',
  setup(bundler) {
    bundler.onResolve({ filter: /.*/ }, ({ path, importer }) => {
      // The built harness, loaded once by Node itself: the engine resolves it.
      if (path === '#suite' || path === '#runner') return { path, external: true };
      if (/^\.\.?\//.test(path)) return { path: resolve(dirname(importer), path), namespace: NAMESPACE };
      return importer === '<stdin>' ? { path, namespace: NAMESPACE } : { path, external: true };
    });
    bundler.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
      contents: textOf(path, suites[0] ?? path),
      loader: path.endsWith('.json') ? 'json' : 'ts',
    }));
  },
});

/** The text of a suite, or of what it imports. That which is hidden may be sealed, and is opened in memory alone. */
function textOf(path: string, suite: string): string {
  const hidden = dirname(suite);
  const name = relative(hidden, path).replaceAll('\\', '/');
  const isHidden = !name.startsWith('../') && !isAbsolute(name);
  return isHidden ? hiddenText(dirname(hidden), name) : readFileSync(path, 'utf8');
}

/** A stack trace with the places of the module turned back into places of the suites' own files. */
export function atSource(stack: string, { map }: SuiteText): string {
  if (!stack.includes(SUFFIX)) return stack;
  const source = new SourceMap(JSON.parse(map) as SourceMapPayload);
  return stack.replaceAll(PLACE, (place, line: string, column: string) => {
    const entry = source.findEntry(Number(line) - 1, Number(column) - 1);
    if (!('originalSource' in entry)) return place;
    const file = entry.originalSource.slice(
      entry.originalSource.indexOf(`${NAMESPACE}:`) + NAMESPACE.length + 1,
    );
    return `${file}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}
