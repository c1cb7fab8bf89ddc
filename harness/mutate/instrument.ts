import type { Part } from '../catalog/exercise.ts';
import { compile } from '../compile/compile.ts';
import type { SourceFiles } from '../compile/compile.ts';
import { lineTextOf } from './mutant.ts';
import type { Mutant } from './mutant.ts';

/** A program that holds all its mutants. `texts`: what a host is given for each part of code, by the part's name. */
export type Instrumented = { mutants: Omit<Mutant, 'id'>[]; texts: Map<string, string> };

const CODE = /\.[cm]?[jt]s$/;

/**
 * Puts all mutants of all files of code into one text for each part, with Stryker's instrumenter. None is active until
 * `activate` or `recording` stands before the text.
 */
export async function instrument(files: SourceFiles, parts: readonly Part[]): Promise<Instrumented> {
  const { Instrumenter } = await import('@stryker-mutator/instrumenter');
  // What it says is about its own work. Only its logger is asked for; the rest of Stryker is not here.
  const instrumenter = new Instrumenter(SILENT);
  const code = [...files].filter(([name]) => CODE.test(name));
  const made = await instrumenter.instrument(
    code.map(([name, content]) => ({ name, content, mutate: true })),
    { plugins: null, excludedMutations: [], ignorers: [], noHeader: false },
  );
  const instrumented = new Map([
    ...files,
    ...made.files.map(({ name, content }) => [name, content] as const),
  ]);
  const texts = new Map<string, string>();
  for (const { kind, name, entry, packages, modules } of parts) {
    if (kind !== 'http' && kind !== 'module' && kind !== 'program') continue;
    const compiled = await compile({ files: instrumented, entry, packages, modules, folder: '/' });
    if (!compiled.ok) throw new Error(`the solution with its mutants does not compile: ${compiled.message}`);
    // Nobody reads stack traces of mutants, and a map of so large a text is slow to read.
    texts.set(name, compiled.text.replace(/\n\/\/# sourceMappingURL=.*\n$/, '\n'));
  }
  const bundled = bundledFiles(made.mutants, [...texts.values()]);
  const mutants = made.mutants
    .filter(({ fileName }) => bundled.has(fileName))
    .map(({ id, fileName, location, mutatorName, replacement }) => {
      const text = files.get(fileName) ?? '';
      const { start, end } = location;
      return {
        file: fileName,
        line: start.line + 1,
        lineText: lineTextOf(text, start.line + 1),
        mutator: mutatorName,
        original: text.slice(offsetOf(text, start), offsetOf(text, end)),
        replacement,
        how: { kind: 'active' as const, number: id },
      };
    });
  return { mutants, texts };
}

/** Files of which anything came into a text. What no entry leads to, such as a script to try it by hand, is no part of the program. */
function bundledFiles(
  mutants: readonly { id: string; fileName: string }[],
  texts: readonly string[],
): Set<string> {
  const numbers = new Set(
    texts.flatMap((text) => [...text.matchAll(/\bstryMutAct_\w+\("(\d+)"\)/g)].map(([, number]) => number)),
  );
  return new Set(mutants.filter(({ id }) => numbers.has(id)).map(({ fileName }) => fileName));
}

/** The text with one mutant active. It begins on the same line: what is said of lines stays true. */
export function activate(text: string, number: string): string {
  return `globalThis.__stryker__={activeMutant:${JSON.stringify(number)}};${text}`;
}

/**
 * The text with no mutant active, which writes the number of each that it comes by into a file, a line for each, at once:
 * whoever is killed in the middle has said all until then. Its host must be allowed to write there.
 */
export function recording(text: string, file: string): string {
  return `{const{appendFileSync}=process.getBuiltinModule('node:fs');globalThis.__stryker__={mutantCoverage:{static:new Proxy({},{set(seen,id){if(!(id in seen)){seen[id]=1;appendFileSync(${JSON.stringify(file)},id+'\\n')}return true}}),perTest:{}}}};${text}`;
}

const quiet = (): void => {};
const never = (): boolean => false;

const SILENT = {
  isTraceEnabled: never,
  isDebugEnabled: never,
  isInfoEnabled: never,
  isWarnEnabled: never,
  isErrorEnabled: never,
  isFatalEnabled: never,
  trace: quiet,
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: quiet,
  fatal: quiet,
};

/** `line` and `column` from 0. */
function offsetOf(text: string, { line, column }: { line: number; column: number }): number {
  let offset = 0;
  for (let before = 0; before < line; before++) offset = text.indexOf('\n', offset) + 1;
  return offset + column;
}
