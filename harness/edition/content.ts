import { join } from 'node:path';
import picomatch from 'picomatch';
import type { Exercise } from '../catalog/exercise.ts';
import { SEALED_SUITE } from '../catalog/hidden.ts';
import { failureText, readFileBytes, sizeText } from '../catalog/regular-file.ts';
import type { FileBytes } from '../catalog/regular-file.ts';
import { seal } from '../catalog/sealed-text.ts';
import { readSolution, sealedSolutionFile } from '../catalog/solution.ts';
import { describeProblem } from '../catalog/problem.ts';
import { withoutExtensions } from '../grade/assignment/write.ts';
import { AGENTS, CLAUDE } from './agents.ts';
import { isAssignment } from './assignments.ts';
import type { HeldBack } from './chosen.ts';
import { harnessFiles, LEARNER_COMMANDS } from './harness-files.ts';
import { secretsOf } from './leak.ts';
import type { Secrets } from './leak.ts';
import { editionReadme } from './readme.ts';
import { suiteWithout } from './suite-without.ts';
import {
  detailsWithout,
  diagnosisWithout,
  hintsWithout,
  mentionsOf,
  quizWithout,
  specWithout,
  walkThroughWithout,
} from './without-rules.ts';

/** All files of an edition but its edition.json: path with forward slashes → file. */
export type Content = {
  files: Map<string, FileBytes>;
  /** What is sealed in it, and must be readable nowhere. */
  secrets: Secrets;
  /** Lines of walk-throughs of the workbook that still name a rule which is held back. */
  mentions: { path: string; lines: number[] }[];
};

export type ContentRequest = {
  /** The workbook's folder, absolute. */
  root: string;
  /** Its files, relative, with forward slashes: what is not known is never handed out. */
  known: ReadonlySet<string>;
  exercises: readonly Exercise[];
  held: HeldBack;
  key: Uint8Array;
};

/** `message`: what stands in the way, and what to do. */
export type ContentMade = { ok: true; content: Content } | { ok: false; message: string };

/** Files of the root that go along as they are, where they are there. */
const ROOT_FILES = [
  '.editorconfig',
  '.gitattributes',
  '.gitignore',
  '.prettierrc.json',
  '.vscode/settings.json',
  '.github/workflows/check.yml',
  'LICENSE',
  'package-lock.json',
  'tsconfig.json',
];

const LARGEST = 64 * 1024 * 1024;

/** Something of the workbook cannot be handed out. */
class Refusal extends Error {}

/** Puts an edition together, in memory. */
export async function contentOf(request: ContentRequest): Promise<ContentMade> {
  try {
    return { ok: true, content: await new Maker(request).make() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, message: error.message };
    throw error;
  }
}

class Maker {
  private readonly request: ContentRequest;
  private readonly files = new Map<string, FileBytes>();
  private readonly hidden: string[] = [];
  private readonly solutions: string[] = [];
  private readonly mentions: Content['mentions'] = [];
  /** What learners may read: of the source, so that it says nothing about what came into the edition. */
  private readonly plain: string[] = [];

  constructor(request: ContentRequest) {
    this.request = request;
  }

  async make(): Promise<Content> {
    const { root, known, exercises, held } = this.request;
    for (const path of [...ROOT_FILES, ...harnessFiles(root, known)]) this.copy(path);
    for (const path of [...known].filter(isAssignment)) this.write(path, classAssignment(this.read(path)));
    this.write('README.md', editionReadme(this.read('README.md'), exercises, held));
    this.write('package.json', editionPackage(this.read('package.json')));
    this.write('AGENTS.md', AGENTS);
    this.write('CLAUDE.md', CLAUDE);
    const workflow = '.github/workflows/check.yml';
    if (this.files.has(workflow))
      this.write(workflow, this.read(workflow).replace('Marks come from grade.yml.', MARKS));
    for (const exercise of exercises) {
      this.addExercise(exercise);
      await this.addSolution(exercise);
    }
    const secrets = secretsOf(this.hidden, this.solutions, this.plain);
    return { files: this.files, secrets, mentions: this.mentions };
  }

  private addExercise(exercise: Exercise): void {
    const { known, held } = this.request;
    const folder = `exercises/${exercise.id}/`;
    const stub = `solutions/${exercise.id}/stub/`;
    const rules = held.get(exercise.id) ?? new Set<string>();
    const isEditable = picomatch(exercise.editable, { windows: false });
    const hidden = new Map<string, string>();
    for (const path of known) {
      // The instructor's own work lies where the learner's will: learners begin with the stub.
      if (path.startsWith(stub)) {
        this.copy(path);
        const name = path.slice(stub.length);
        if (isEditable(name)) this.copy(path, folder + name);
      }
      if (!path.startsWith(folder)) continue;
      const name = path.slice(folder.length);
      if (name.startsWith('hidden/')) hidden.set(name.slice('hidden/'.length), this.read(path));
      else if (!isEditable(name)) this.addSpecFile(path, name, rules);
    }
    for (const text of hidden.values()) this.hidden.push(text);
    this.sealSuite(exercise, hidden, rules);
  }

  private addSpecFile(path: string, name: string, rules: ReadonlySet<string>): void {
    const without = SPEC_FILES[name];
    if (without === undefined || rules.size === 0) this.copy(path);
    else this.write(path, without(this.read(path), rules));
  }

  private sealSuite({ id }: Exercise, hidden: Map<string, string>, rules: ReadonlySet<string>): void {
    const suite = rules.size === 0 ? { ok: true as const, files: hidden } : suiteWithout(hidden, rules);
    if (!suite.ok) throw new Refusal(`${id}: ${suite.rule} cannot be held back. ${suite.why}`);
    const { files } = suite;
    const diagnosis = files.get('diagnosis.json');
    if (diagnosis !== undefined && rules.size > 0)
      files.set('diagnosis.json', diagnosisWithout(diagnosis, rules));
    const sorted = Object.fromEntries([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    this.seal(`exercises/${id}/hidden/${SEALED_SUITE}`, JSON.stringify(sorted), suiteAbout(id));
  }

  private async addSolution(exercise: Exercise): Promise<void> {
    const { root, known, held } = this.request;
    const { id } = exercise;
    // An exercise may have none yet; then there is nothing to show after a pass.
    if (!known.has(`solutions/${id}/README.md`)) return;
    const read = await readSolution(root, exercise);
    if (!read.ok) throw new Refusal(describeProblem(read.problem));
    const rules = held.get(id) ?? new Set<string>();
    const ways = [read.solution, ...read.variants].filter(({ folder }) => known.has(`${folder}/README.md`));
    const [solution, ...variants] = ways.map((way) => {
      const files = [...way.files].filter(([path]) => known.has(`${way.folder}/${path}`));
      this.solutions.push(way.text, ...way.files.values());
      const text = walkThroughWithout(way.text, rules);
      const lines = linesLeft(way.text, text, rules);
      if (lines.length > 0) this.mentions.push({ path: `${way.folder}/README.md`, lines });
      return { ...way, text, files: Object.fromEntries(files) };
    });
    if (solution === undefined) return;
    this.seal(sealedSolutionFile(id), JSON.stringify({ solution, variants }), solutionAbout(id));
  }

  private seal(path: string, content: string, about: string): void {
    this.write(path, seal(content, { key: this.request.key, path }, about));
  }

  private copy(path: string, to: string = path): void {
    if (!this.request.known.has(path)) return;
    const read = this.open(path);
    this.files.set(to, { bytes: read.bytes, mode: (read.mode & 0o111) === 0 ? 0o644 : 0o755 });
    this.plain.push(read.bytes.toString('utf8'));
  }

  private write(path: string, text: string): void {
    this.files.set(path, { bytes: Buffer.from(text), mode: 0o644 });
  }

  /** The text of a file of the source. */
  private read(path: string): string {
    const text = this.open(path).bytes.toString('utf8');
    if (!path.includes('/hidden/')) this.plain.push(text);
    return text;
  }

  private open(path: string): FileBytes {
    const read = readFileBytes(join(this.request.root, path), LARGEST);
    if (read.ok) return read;
    const most = sizeText(LARGEST);
    throw new Refusal(
      `${path} of this workbook cannot be handed out. ${failureText(read, LARGEST)} Files of at most ${most} can; \`git status\` shows what differs from the last commit.`,
    );
  }
}

/** Files of an exercise that speak of its rules, and how they look without some. */
const SPEC_FILES: Readonly<Record<string, (text: string, held: ReadonlySet<string>) => string>> = {
  'README.md': specWithout,
  'exercise.json': detailsWithout,
  'hints.md': hintsWithout,
  'quiz.json': quizWithout,
};

/** The lines of a text, counted from 1, that name one of these rules and are also in what is `left` of it. */
function linesLeft(text: string, left: string, held: ReadonlySet<string>): number[] {
  if (mentionsOf(left, held).length === 0) return [];
  const kept = new Set(left.split('\n'));
  const lines = text.split('\n');
  const named = mentionsOf(text, held);
  const same = named.filter((line) => kept.has(lines[line - 1] ?? ''));
  return same.length > 0 ? same : named;
}

/** An assignment as learners get it: who has more time and why is nobody else's business, and they have no `assign`. */
function classAssignment(text: string): string {
  return withoutExtensions(text).replace(
    /^# An assignment of this workbook\. Edit .*$/m,
    '# An assignment of your class.',
  );
}

/** package.json with the learners' scripts alone. Its packages stay, so that the lock file fits. */
function editionPackage(text: string): string {
  const file = JSON.parse(text) as { scripts?: Record<string, string> };
  const stays = new Set<string>([...LEARNER_COMMANDS, 'prepare']);
  const scripts = Object.entries(file.scripts ?? {}).filter(([name]) => stays.has(name));
  return `${JSON.stringify({ ...file, scripts: Object.fromEntries(scripts) }, null, 2)}\n`;
}

const CURTAIN = `The key lies in edition.json: this is a curtain and not a wall. It keeps it from being read by
accident, by search engines and by assistants that read files. It keeps nobody out who wants to get in.`;

const suiteAbout = (id: string): string =>
  `The hidden suite of ${id}, sealed. \`npm run check ${id}\` opens it in memory.\n${CURTAIN}`;

const solutionAbout = (id: string): string =>
  `The solution of ${id}, sealed. After your pass, \`npm run solution ${id}\` shows it.\n${CURTAIN}`;

const MARKS = "Marks come from the instructor's own copy.";
