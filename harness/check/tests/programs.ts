import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { applyEdits } from '../../catalog/edits.ts';
import { hiddenNames, hiddenText } from '../../catalog/hidden.ts';
import { compile } from '../../compile/compile.ts';
import { CALL_EXPORT } from '../../subject/tests/switchboard.ts';
import type { TestedProgram } from '../../subject/tests/run.ts';

/** How tests meet an export: as a function that answers at once, as a factory of servers, or as a whole program. */
export type Meeting = 'call' | 'app' | 'start';

/**
 * A program of ours that a learner's tests are tried on. `rule`: the rule that it belongs to; null: a right one. `about`:
 * what is wrong with it, in words for the learner: "a program that …".
 */
export type Program = {
  name: string;
  rule: string | null;
  about: string;
  files: ReadonlyMap<string, string>;
};

/** `faces`: the learner's files in whose place a program is put, and what each exports. */
export type Programs = {
  folder: string;
  faces: ReadonlyMap<string, ReadonlyMap<string, Meeting>>;
  right: readonly Program[];
  broken: readonly Program[];
};

const name = z.string().regex(/^[a-z][a-z0-9-]*$/);

const shape = z.strictObject({
  faces: z.record(z.string(), z.record(z.string(), z.enum(['call', 'app', 'start']))),
  right: z.array(name).min(1),
  broken: z.array(
    z.strictObject({
      name,
      rule: z.string(),
      of: name,
      about: z.string().min(10),
      edits: z
        .array(z.strictObject({ file: z.string(), find: z.string().min(1), replace: z.string() }))
        .min(1),
    }),
  ),
});

/** Where an exercise keeps its programs, below hidden/. */
const PROGRAMS_FOLDER = 'programs';

/** The file of a program that has its exports. */
const ENTRY = 'index.ts';

/** Reads the programs of an exercise. What is wrong with them is a mistake of ours, and thrown. `folder`: the exercise's. */
export function readPrograms(folder: string): Programs {
  const list = hiddenText(folder, `${PROGRAMS_FOLDER}/programs.yaml`);
  const names = hiddenNames(folder);
  const { faces, right: styles, broken } = shape.parse(parse(list));
  const right = styles.map((each) => ({
    name: each,
    rule: null,
    about: '',
    files: filesOf(folder, names, each),
  }));
  return {
    folder: join(folder, 'hidden', PROGRAMS_FOLDER),
    faces: new Map(Object.entries(faces).map(([file, names]) => [file, new Map(Object.entries(names))])),
    right,
    broken: broken.map(({ name: own, rule, of, about, edits }) => {
      const base = right.find((each) => each.name === of);
      if (base === undefined) throw new Error(`${own} is made of ${of}, which is no right program`);
      const edited = applyEdits(base.files, edits);
      if (!edited.ok) throw new Error(`${own}: ${edited.problem}`);
      return { name: own, rule, about, files: edited.files };
    }),
  };
}

function filesOf(folder: string, names: readonly string[], program: string): Map<string, string> {
  const place = `${PROGRAMS_FOLDER}/${program}/`;
  return new Map(
    names
      .filter((name) => name.startsWith(place) && name.endsWith('.ts'))
      .map((name) => [name.slice(place.length), hiddenText(folder, name)]),
  );
}

/** Compiles a program as its host loads it. */
export async function compiledProgram(
  { files, name: own }: Program,
  { faces, folder }: Programs,
): Promise<TestedProgram> {
  const exports = new Set([...faces.values()].flatMap((face) => [...face.keys()]));
  const entry = '__program.ts';
  const compiled = await compile({
    files: new Map([...files, [entry, entryText]]),
    entry,
    packages: [],
    modules: null,
    folder,
  });
  if (!compiled.ok) throw new Error(`the program ${own} cannot be compiled: ${compiled.message}`);
  return { text: compiled.text, exports };
}

/** Beside a function's value goes what it did to its arguments: they are copies, and the test has the originals. */
const entryText = `
import * as program from './${ENTRY}';
export * from './${ENTRY}';
export function ${CALL_EXPORT}(name, args) {
  try {
    return { outcome: { value: program[name](...args) }, args };
  } catch (error) {
    const { name, message, code = null } = error;
    return { outcome: { threw: { name, message, code } }, args };
  }
}
`;
