import { loadExercise } from '../../catalog/load-exercise.ts';
import type { Exercise } from '../../catalog/exercise.ts';
import type { SourceFiles } from '../../compile/compile.ts';
import type { Isolation } from '../../subject/isolation.ts';
import { renderJson } from '../../verdict/json.ts';
import { renderVerdict } from '../../verdict/terminal.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { check } from '../check.ts';
import { Engine } from '../engine.ts';
import { EXERCISE } from './subject.ts';
import type { CorpusWorkbook } from './workbook.ts';

/** The seed of all checks here: the same random words in every run. */
const SEED = 7;

/** A verdict and the two forms in which a learner meets it. */
export type Judged = { verdict: Verdict; terminal: string; json: string };

/** The real check with real engines. Each lane judges one program at a time. */
export class Court {
  readonly exercise: Exercise;
  private readonly book: CorpusWorkbook;
  private readonly free: Engine[];
  private readonly all: readonly Engine[];
  private readonly waiting: ((engine: Engine) => void)[] = [];

  constructor(book: CorpusWorkbook, lanes: number) {
    const loaded = loadExercise(book.root, EXERCISE);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problem));
    this.exercise = loaded.exercise;
    this.book = book;
    this.all = Array.from({ length: lanes }, () => new Engine(book.root, book.build));
    for (const engine of this.all) engine.warm();
    this.free = [...this.all];
  }

  async judge(files: SourceFiles, pace = 1, isolation: Isolation = 'permission'): Promise<Judged> {
    const engine = this.free.pop() ?? (await new Promise<Engine>((resolve) => this.waiting.push(resolve)));
    try {
      return shown(await this.check(engine, files, pace, isolation), this.exercise);
    } finally {
      engine.prepare();
      const next = this.waiting.shift();
      if (next === undefined) this.free.push(engine);
      else next(engine);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((engine) => engine.close()));
  }

  private async check(
    engine: Engine,
    files: SourceFiles,
    pace: number,
    isolation: Isolation,
  ): Promise<Verdict> {
    const { verdict } = await check(engine, {
      exercise: this.exercise,
      files: { ok: true, files },
      folder: this.exercise.folder,
      only: null,
      order: 'building',
      seed: SEED,
      inspect: false,
      isolation,
      pace,
      env: {},
      root: this.book.root,
      build: this.book.build,
      digests: { suite: '', files: '' },
      harness: '0',
    });
    return verdict;
  }
}

/** What a learner gets to see of a verdict. */
export function shown(verdict: Verdict, exercise: Exercise): Judged {
  const terminal = renderVerdict(verdict, {
    colour: false,
    columns: 100,
    unicode: true,
    exerciseTitle: exercise.title,
    firstTry: false,
    opened: [],
    recorded: false,
    only: null,
  });
  return { verdict, terminal, json: renderJson(verdict) };
}
