import { posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildFailure, Message, Plugin } from 'esbuild';
import { createRequire, isBuiltin } from 'node:module';
import type { Frame } from '../verdict/verdict.ts';
import { USUAL_MODULES } from './modules.ts';

/** The learner's files: path relative to the exercise's folder (forward slashes) to text. */
export type SourceFiles = ReadonlyMap<string, string>;

export type CompileRequest = {
  files: SourceFiles;
  entry: string;
  packages: readonly string[];
  /** `node:` modules, without the prefix or with it; null: the usual ones. */
  modules: readonly string[] | null;
  /** Absolute folder that stack traces should name. */
  folder: string;
  /** Where some packages lie, as URLs; the others are found by Node.js. */
  places?: ReadonlyMap<string, string>;
};

export type Compiled =
  | { ok: true; text: string }
  | { ok: false; kind: 'compile' | 'import' | 'files'; message: string; frames: Frame[] };

const NAMESPACE = 'learner';
const EXTENSIONS = ['', '.ts', '.mts', '.js', '.mjs', '.json', '/index.ts', '/index.js'];
const IMPORT_MARK = 'import';

/**
 * Turns the learner's files into one ES module. Nothing is read from the disk: every import must lead to one of the
 * given files, an allowed package or an allowed `node:` module; anything else is named. (A plain bundle would take in the
 * solution, the suite or any JSON file that it can reach.)
 */
export async function compile(request: CompileRequest): Promise<Compiled> {
  if (!request.files.has(request.entry)) {
    return {
      ok: false,
      kind: 'files',
      message: missingFile(request.entry),
      frames: [],
    };
  }
  const mine = previous.then(() => bundle(request));
  previous = mine.catch(() => {});
  return await mine;
}

/** One at a time: a program that takes the compiler down (brackets nested 100,000 deep) must not be taken for another. */
let previous: Promise<unknown> = Promise.resolve();

async function bundle(request: CompileRequest): Promise<Compiled> {
  const { build, stop } = createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
  // Nesting can cost it the square of its depth. (A stopped compiler leaves its builds unsettled.)
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('The service is late')), WITHIN);
  });
  try {
    const building = build({
      entryPoints: [request.entry],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'external',
      sourcesContent: true,
      outdir: '/',
      logLevel: 'silent',
      tsconfigRaw: '{}',
      plugins: [memoryOnly(request)],
    });
    const result = await Promise.race([building, late]);
    const map = result.outputFiles.find((file) => file.path.endsWith('.map'));
    const code = result.outputFiles.find((file) => !file.path.endsWith('.map'));
    if (map === undefined || code === undefined) throw new Error('esbuild answered without output');
    return { ok: true, text: code.text + inlineMap(map.text, request.folder) };
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('The service '))) return explain(error);
    await stop(); // The next build starts the compiler anew.
    return { ok: false, kind: 'compile', message: TOO_DEEP, frames: [] };
  } finally {
    clearTimeout(timer);
  }
}

/** A build may take this long, in milliseconds; usually it takes ten. */
const WITHIN = 5_000;

const TOO_DEEP =
  'Your code could not be read: something in it is nested far too deep, or repeated far too often.';

/** The source map as a comment, naming the learner's own files by their full URL. */
function inlineMap(text: string, folder: string): string {
  const map = JSON.parse(text) as { sources: string[] };
  const base = pathToFileURL(folder).href;
  map.sources = map.sources.map(
    (source) => `${base}/${source.slice(source.indexOf(`${NAMESPACE}:`) + NAMESPACE.length + 1)}`,
  );
  const encoded = Buffer.from(JSON.stringify(map)).toString('base64');
  return `\n//# sourceMappingURL=data:application/json;base64,${encoded}\n`;
}

function memoryOnly(request: CompileRequest): Plugin {
  const modules = new Set((request.modules ?? USUAL_MODULES).map((name) => name.replace(/^node:/, '')));
  return {
    name: 'memory-only',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        if (kind === 'entry-point') return { path, namespace: NAMESPACE };
        if (path.startsWith('./') || path.startsWith('../') || path === '.' || path === '..') {
          const found = findFile(request.files, posix.join(posix.dirname(importer), path));
          if (found !== null) return { path: found, namespace: NAMESPACE };
          return refuse(
            `${path} is not one of your files. Imports may lead to files below the exercise's folder only.`,
          );
        }
        const call = kind.startsWith('require');
        const place = request.places?.get(path);
        if (place !== undefined) return call ? noRequire(path) : { path: place, external: true };
        if (isBuiltin(path)) {
          const bare = path.replace(/^node:/, '');
          if (modules.has(bare)) return call ? noRequire(path) : { path: `node:${bare}`, external: true };
          return refuse(`${path} is not allowed in this exercise.`);
        }
        // What lies at a place of ours is the package and nothing beside it.
        const isWhole = request.places?.has(packageName(path)) !== true;
        if (isWhole && request.packages.includes(packageName(path)))
          return call ? noRequire(path) : { path, external: true };
        const allowed =
          request.packages.length === 0 ? 'no packages' : `these packages: ${request.packages.join(', ')}`;
        return refuse(`${path} is not allowed here. This exercise uses ${allowed}.`);
      });
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
        contents: withoutMapComment(request.files.get(path) ?? ''),
        loader: loaderFor(path),
      }));
    },
  };
}

function refuse(text: string): { errors: { text: string; detail: string }[] } {
  return { errors: [{ text, detail: IMPORT_MARK }] };
}

function noRequire(path: string): ReturnType<typeof refuse> {
  return refuse(`require('${path}') does not work in an ES module. Write: import … from '${path}'`);
}

function packageName(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

/** As TypeScript finds files: `./x` may be x.ts, `./x.js` may be x.ts, `./x` may be x/index.ts. */
function findFile(files: SourceFiles, path: string): string | null {
  for (const extension of EXTENSIONS) {
    const file = posix.normalize(path + extension);
    if (files.has(file)) return file;
  }
  const asTypeScript = path.replace(/\.(m?)js$/, '.$1ts');
  return files.has(asTypeScript) ? asTypeScript : null;
}

/**
 * esbuild opens the file that a `//# sourceMappingURL=` comment names, wherever it lies. The same word with an escape in
 * it means the same in strings and names, and nothing in a comment.
 */
function withoutMapComment(text: string): string {
  return text.replaceAll('sourceMappingURL', 'sourceMappingUR\\u004c');
}

function loaderFor(path: string): 'ts' | 'js' | 'json' {
  if (path.endsWith('.json')) return 'json';
  return /\.m?ts$/.test(path) ? 'ts' : 'js';
}

function explain(error: unknown): Compiled {
  const [first] = (error as Partial<BuildFailure>).errors ?? [];
  if (first === undefined) throw error;
  return {
    ok: false,
    kind: first.detail === IMPORT_MARK ? 'import' : 'compile',
    message: first.text,
    frames: frameOf(first),
  };
}

function frameOf({ location }: Message): Frame[] {
  if (location === null) return [];
  const file = location.file.replace(`${NAMESPACE}:`, '');
  return [{ file, line: location.line, column: location.column + 1, name: null }];
}

/** What is said when a file is not there that the exercise needs. */
export function missingFile(entry: string): string {
  return `There is no file ${entry}. Create it, or bring it back with git.`;
}
