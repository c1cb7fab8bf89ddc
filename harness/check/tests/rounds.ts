import { availableParallelism } from 'node:os';
import type { Part } from '../../catalog/exercise.ts';
import type { SourceFiles } from '../../compile/compile.ts';
import { missingFile } from '../../compile/compile.ts';
import type { BootOptions } from '../../subject/boot.ts';
import type { CheckRequest } from '../check.ts';
import { plannedRules } from '../plan.ts';
import { compileTests } from './compiled.ts';
import type { CompiledTests, LearnerTest } from './compiled.ts';
import { readPrograms } from './programs.ts';
import type { Programs } from './programs.ts';
import { Round } from './round.ts';

/** More at a time gain nothing: each run is two processes that compute. */
const WIDEST = 4;

/** A suite waits for every run of the tests. Each has a limit of its own, and a slow machine has thirty of them to do. */
const WITHIN = 900_000;

/** The learner's tests of one check, by part, and the rounds in which they are tried. */
export class Rounds {
  /** How long a suite may take that asks for rounds, in milliseconds. */
  readonly within = WITHIN;
  private readonly request: CheckRequest;
  private readonly boot: BootOptions;
  private readonly tests: Map<string, LearnerTest[]>;
  private readonly open = new Map<string, Round>();
  private read: Programs | null = null;

  /** `before`: that of another run of the same tests. */
  constructor(request: CheckRequest, boot: BootOptions, before: Rounds | null) {
    this.request = request;
    this.tests = before?.tests ?? new Map<string, LearnerTest[]>();
    this.boot = boot;
  }

  /** Compiles the tests of a part. */
  async compile(part: Part, files: SourceFiles): Promise<CompiledTests> {
    if (!files.has(part.entry)) {
      return { ok: false, kind: 'files', message: missingFile(part.entry), frames: [] };
    }
    const { folder, build } = this.request;
    const compiled = await compileTests(part, {
      files,
      folder,
      programs: this.programs,
      build,
    });
    if (compiled.ok) this.tests.set(part.name, compiled.tests);
    return compiled;
  }

  private get programs(): Programs {
    return (this.read ??= readPrograms(this.request.exercise.folder));
  }

  /** The round of a part: one for each check. */
  round({ name }: Part): Round {
    const known = this.open.get(name);
    if (known !== undefined) return known;
    const { folder, seed, inTurn, signal, onProgress } = this.request;
    const round = new Round({
      programs: this.programs,
      tests: this.tests.get(name) ?? [],
      boot: this.boot,
      folder,
      seed,
      rules: new Set(plannedRules(this.request).map(({ id }) => id)),
      width: inTurn === true ? 1 : Math.min(WIDEST, Math.max(1, availableParallelism())),
      signal,
      onProgress: (done, of) => onProgress?.(`${done} of ${of} programs`),
    });
    this.open.set(name, round);
    return round;
  }

  /** What tests printed on the first right program. */
  outputs(): { text: string; truncated: boolean }[] {
    return [...this.open.values()].map(({ output }) => output);
  }
}
