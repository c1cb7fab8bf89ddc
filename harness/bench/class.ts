import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadExercise } from '../catalog/load-exercise.ts';
import { parseGradebook } from '../grade/gradebook/gradebook.ts';
import type { Gradebook } from '../grade/gradebook/gradebook.ts';
import { atExit } from '../subject/exit.ts';
import { knownSubjects } from '../verify/subject.ts';
import { childrenCpu, timePlain } from './bench.ts';
import { summary } from './statistics.ts';

/** A run of a command. Times in milliseconds. `cpu`: of it and all that it waited for; `memory`: bytes at the highest. Null: unknown here. */
export type Swept = {
  code: number;
  ms: number;
  cpu: number | null;
  memory: number | null;
  lanes: number | null;
};

export type SweepFigures = {
  submissions: number;
  /** How many of them are different from each other. */
  contents: number;
  first: Swept;
  /** The same command again. */
  again: Swept;
  cores: number;
  node: string;
};

export type ClassFigures = {
  exercise: string;
  submissions: number;
  swept: Swept;
  /** One run of plain Vitest, as a person starts it, in milliseconds. */
  plain: { min: number; median: number; max: number };
  /** Milliseconds of computing for one; null: unknown here. */
  plainCpu: number | null;
  /** How many submissions a sweep is done with in the time that plain Vitest takes for one. */
  ratio: number;
  cores: number;
  node: string;
};

export type KillFigures = { kills: number; landed: number; same: boolean; students: number };

/** A sweep over `count` submissions of 01, and the same command again. `distinct`: no more different ones than these. */
export async function benchSweep(root: string, count: number, distinct: number): Promise<SweepFigures> {
  const made = new MadeClass(root, '01-http-server');
  try {
    const contents = Math.min(count, distinct);
    await made.fill(count, contents);
    const first = await made.sweep('out');
    const again = await made.sweep('out');
    return {
      submissions: count,
      contents,
      first,
      again,
      cores: availableParallelism(),
      node: process.version,
    };
  } finally {
    made.remove();
  }
}

/** A sweep over `count` right submissions, each of them another text, beside one run of plain Vitest for each. */
export async function benchClass(
  root: string,
  id: string,
  count: number,
  runs: number,
): Promise<ClassFigures> {
  const made = new MadeClass(root, id);
  try {
    await made.fillRight(count);
    // The first run loads what the others find in the caches of the system, as a second plain run does.
    const plain = await timePlain(root, id, runs);
    const swept = await made.sweep('out');
    if (swept.code !== 0) throw new Error(`the sweep ended with ${swept.code}`);
    const times = summary(plain.times);
    const ratio = (times.median * count) / swept.ms;
    return {
      exercise: id,
      submissions: count,
      swept,
      plain: times,
      plainCpu: plain.cpu,
      ratio,
      cores: availableParallelism(),
      node: process.version,
    };
  } finally {
    made.remove();
  }
}

/** The same class twice: undisturbed, and killed at `kills` random moments. */
export async function benchKills(
  root: string,
  count: number,
  kills: number,
  onKill: (done: number) => void,
): Promise<KillFigures> {
  const made = new MadeClass(root, '01-http-server');
  try {
    await made.fill(count, count);
    const calm = await made.sweep('calm');
    let landed = 0;
    for (let kill = 0; kill < kills; kill++) {
      // Early and late moments alike, as far as the sweep then gets.
      const { code } = await made.sweep('wild', Math.random() * Math.min(calm.ms, 8_000));
      if (code === -1) landed++;
      else made.forget('wild');
      onKill(kill + 1);
    }
    await made.sweep('wild');
    return { kills, landed, same: made.marks('wild') === made.marks('calm'), students: count };
  } finally {
    made.remove();
  }
}

/** A class below the temp folder, made of our own programs. */
class MadeClass {
  private readonly root: string;
  private readonly id: string;
  private readonly folder: string;
  private readonly forgetExit: () => void;

  constructor(root: string, id: string) {
    this.root = root;
    this.id = id;
    this.folder = mkdtempSync(join(realpathSync.native(tmpdir()), 'workbook-bench-class-'));
    this.forgetExit = atExit(() => this.remove());
  }

  /** Stub, solution, variants and mistakes, over and over, with `distinct` different ones among them. */
  async fill(count: number, distinct: number): Promise<void> {
    const exercise = loadExercise(this.root, this.id);
    if (!exercise.ok) throw new Error(`${this.id} cannot be loaded`);
    const { subjects } = await knownSubjects(this.root, exercise.exercise);
    const programs = subjects.map(({ files }) => files);
    for (let index = 0; index < count; index++) {
      const place = index % distinct;
      const program = programs[place % programs.length];
      // What comes round again is another text, and so another submission.
      this.write(index, program ?? new Map(), place >= programs.length ? `// ${place}` : '');
    }
    this.roster(count);
  }

  /** The solution, another text each time. */
  async fillRight(count: number): Promise<void> {
    const exercise = loadExercise(this.root, this.id);
    if (!exercise.ok) throw new Error(`${this.id} cannot be loaded`);
    const { subjects } = await knownSubjects(this.root, exercise.exercise);
    const files = subjects.find(({ name }) => name === 'solution')?.files ?? new Map<string, string>();
    for (let index = 0; index < count; index++) this.write(index, files, `// ${index}`);
    this.roster(count);
  }

  /** Runs the command. `killAfter`: milliseconds; its code is then -1. */
  async sweep(out: string, killAfter: number | null = null): Promise<Swept> {
    const line = [
      join(this.root, 'harness', 'build', 'run.mjs'),
      'grade',
      '--roster',
      join(this.folder, 'roster.csv'),
    ];
    const begun = performance.now();
    const before = childrenCpu();
    const child = spawn(process.execPath, [...line, '--exercise', this.id, '--out', join(this.folder, out)], {
      cwd: this.root,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const end = atExit(() => void child.kill());
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err = (err + chunk.toString()).slice(-2_000)));
    let [memory, lanes]: [number | null, number | null] = [null, null];
    const watch = setInterval(() => {
      memory = highest(memory, residentOf(child.pid));
      lanes = highest(lanes, Math.max(0, ...childrenOf(child.pid).map((pid) => residentOf(pid) ?? 0)));
    }, 100);
    const timer = killAfter === null ? null : setTimeout(() => child.kill('SIGKILL'), killAfter);
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (ended) => resolve(ended ?? -1));
    });
    clearInterval(watch);
    if (timer !== null) clearTimeout(timer);
    end();
    const after = childrenCpu();
    if (code > 1) throw new Error(err);
    const cpu = before === null || after === null ? null : after - before;
    return { code, ms: performance.now() - begun, cpu, memory, lanes };
  }

  forget(out: string): void {
    rmSync(join(this.folder, out), { recursive: true, force: true });
  }

  /** What has to be the same, whenever it was judged. */
  marks(out: string): string {
    const read = parseGradebook(JSON.parse(readFileSync(join(this.folder, out, 'grades.json'), 'utf8')));
    if (!read.ok) throw new Error(read.problem);
    const { students }: Gradebook = read.gradebook;
    const files = readdirSync(join(this.folder, out), { recursive: true })
      .map(String)
      .filter((name) => /^(verdicts|submissions)/.test(name));
    return JSON.stringify([students, files.toSorted()], (key, value: unknown) => (key === 'at' ? '' : value));
  }

  remove(): void {
    this.forgetExit();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  private write(index: number, files: ReadonlyMap<string, string>, note: string): void {
    const top = join(this.folder, 'subs', student(index), 'exercises', this.id);
    for (const [place, [path, text]] of [...files].entries()) {
      const file = join(top, path);
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, place === 0 && note !== '' ? `${text}\n${note}\n` : text);
    }
  }

  private roster(count: number): void {
    const rows = Array.from({ length: count }, (_, index) => `${student(index)},subs/${student(index)}`);
    writeFileSync(join(this.folder, 'roster.csv'), ['student,repo', ...rows, ''].join('\n'));
  }
}

function student(index: number): string {
  return `student-${String(index + 1).padStart(4, '0')}`;
}

function highest(one: number | null, other: number | null): number | null {
  return other === null ? one : Math.max(one ?? 0, other);
}

/** Bytes; null where nobody tells. */
function residentOf(pid: number | undefined): number | null {
  try {
    const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kib === undefined ? null : Number(kib) * 1024;
  } catch {
    return null;
  }
}

function childrenOf(pid: number | undefined): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  } catch {
    return [];
  }
}
