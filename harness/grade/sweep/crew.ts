import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { atExit } from '../../subject/exit.ts';
import type { Isolation } from '../../subject/isolation.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import type { Answer, Judges, Work } from './work.ts';

/** Maps become pairs on their way over the pipe. `whole`: a second try, where one is needed, follows at once. */
export type LaneMessage = {
  exercise: string;
  files: [string, string][];
  isolation: Isolation;
  first: Verdict | null;
  whole: boolean;
};

export type LaneReply = { kind: 'ready' } | { kind: 'done'; verdict: Verdict; again: boolean };

/** The longest that one judging may take, in milliseconds. Beyond it the lane hangs. */
const JUDGED_WITHIN = 10 * 60_000;

/** How long a lane may take to end its hosts, in milliseconds; and what is kept of what it said, in characters. */
const ENDS_WITHIN = 5_000;
const LAST_WORDS = 1_000;

/** Lanes that end before they can judge, one after the other: something is wrong with this machine or the build. */
const MOST_STILLBORN = 3;

export type CrewOptions = {
  root: string;
  build: string;
  /** The workbook's version. */
  harness: string;
  width: number;
  /** Judge to the last word at once: for whoever has nothing else running, or cannot wait until it is so. */
  whole?: boolean;
  within?: number;
};

/**
 * Processes of ours that judge side by side, each with an engine that it keeps. Programs run in hosts of theirs. One that
 * is brought down is replaced, and only what it judged is without an answer.
 */
export class Crew implements Judges {
  readonly width: number;
  private readonly options: CrewOptions;
  private readonly lanes: (Lane | null)[];
  private stillborn = 0;

  constructor(options: CrewOptions) {
    this.options = options;
    this.width = options.width;
    this.lanes = Array.from({ length: options.width }, () => null);
  }

  /** Throws when lanes cannot be started here at all. */
  async judge(place: number, work: Work): Promise<Answer> {
    const lane = (this.lanes[place] ??= this.start(place));
    const answer = await lane.judge(work, this.options.whole === true);
    if (lane.wasReady) this.stillborn = 0;
    else if (++this.stillborn >= MOST_STILLBORN)
      throw new Error('The processes that judge end before they begin. Run: npm run doctor');
    return answer;
  }

  /** The processes, for whoever looks at them from outside. */
  get pids(): number[] {
    return this.lanes.flatMap((lane) => (lane?.pid === undefined ? [] : [lane.pid]));
  }

  async close(): Promise<void> {
    await Promise.all(this.lanes.flatMap((lane) => (lane === null ? [] : [lane.end()])));
  }

  private start(place: number): Lane {
    const lane: Lane = new Lane(this.options, () => {
      if (this.lanes[place] === lane) this.lanes[place] = null;
    });
    return lane;
  }
}

class Lane {
  /** It has got as far as to be able to judge. */
  wasReady = false;
  private readonly child: ChildProcess;
  private readonly within: number;
  private readonly forget: () => void;
  private readonly gone: Promise<void>;
  private why = 'The process that judged it ended unexpectedly.';
  private said = '';

  constructor({ root, build, harness, within = JUDGED_WITHIN }: CrewOptions, onGone: () => void) {
    this.within = within;
    this.child = fork(join(build, 'sweep-lane.js'), [root, harness], {
      env: { ...process.env, NO_COLOR: '1' },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.said = (this.said + text).slice(-LAST_WORDS);
    });
    const kill = (): void => void this.child.kill();
    this.forget = atExit(kill);
    this.gone = new Promise((resolve) => {
      const end = (): void => {
        this.forget();
        onGone();
        resolve();
      };
      this.child.once('error', end);
      this.child.once('exit', end);
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  async judge({ parts, files, first }: Work, whole: boolean): Promise<Answer> {
    const { exercise, isolation } = parts;
    const message: LaneMessage = { exercise, files: [...files], isolation, first, whole };
    return await new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.why = `It was not judged within ${this.within / 60_000} minutes.`;
        this.child.kill('SIGKILL');
      }, this.within);
      const settle = (answer: Answer): void => {
        clearTimeout(timer);
        this.child.off('message', onMessage);
        resolve(answer);
      };
      const onMessage = (said: LaneReply): void => {
        this.wasReady = true;
        if (said.kind === 'done') settle({ kind: 'verdict', verdict: said.verdict, again: said.again });
      };
      this.child.on('message', onMessage);
      void this.gone.then(() => settle({ kind: 'lost', why: `${this.why} ${this.said}`.trim() }));
      this.child.send(message, (error) => {
        // It is gone, or about to be: the end of the process says so.
        if (error !== null) this.child.kill('SIGKILL');
      });
    });
  }

  async end(): Promise<void> {
    this.child.kill();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), ENDS_WITHIN);
    await this.gone;
    clearTimeout(timer);
  }
}
