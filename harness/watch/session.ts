import type { Exercise } from '../catalog/exercise.ts';
import type { Early } from '../check/check.ts';
import type { SubjectFiles } from '../check/files.ts';
import { nextRule } from '../verdict/terminal.ts';
import type { Desk, Judged } from './desk.ts';
import type { Action, Pressed, ShownKey } from './keys.ts';

/** What is to be seen now. `fresh`: a verdict that was not shown before. */
export type View = {
  text: string;
  keys: readonly ShownKey[];
  question: string | null;
  judged: Judged | null;
  /** What is shown is one rule, and the others are being judged. */
  isEarly: boolean;
};

export type SessionEvents = {
  /** `fresh`: there is a new verdict; else the same is shown in another way. */
  onView(view: View, fresh: boolean): void;
  /** A check began; `view` is what the last one said. */
  onBusy(exercise: Exercise): void;
  /** The rule that the person works on has its result; the others do not. */
  onEarly(early: Early): void;
  /** Everything for the next check is started, and nothing runs. */
  onReady(): void;
  /** Another exercise is watched now. */
  onMove(exercise: Exercise): void;
  onQuit(): void;
};

type Page = 'verdict' | 'list' | 'ask-reset';

/**
 * One person at one exercise: saves come in, verdicts go out, keys are answered. It owns no terminal and watches no
 * files. The newest save wins: a check that still runs for an older one is abandoned.
 */
export class Session {
  private readonly desk: Desk;
  private readonly events: SessionEvents;
  private exercise: Exercise;
  private judged: Judged | null = null;
  /** By content: what was judged last, or is being judged. */
  private known: string | null = null;
  private knownFiles: SubjectFiles | null = null;
  private waiting: SubjectFiles | null = null;
  private running: AbortController | null = null;
  private pump: Promise<void> | null = null;
  private looks = 0;
  private page: Page = 'verdict';
  private folded = true;
  private message: string | null = null;
  /** Of the check that runs. */
  private early: Early | null = null;
  /** How many hints of a rule are shown. */
  private readonly hinted = new Map<string, number>();
  private closed = false;

  constructor(exercise: Exercise, desk: Desk, events: SessionEvents) {
    this.exercise = exercise;
    this.desk = desk;
    this.events = events;
  }

  /**
   * Looks whether the files changed, and has them judged if so. `settled`: nothing more is being written. `force`: judge
   * them in any case.
   */
  async look({ settled = true, force = false } = {}): Promise<void> {
    const look = ++this.looks;
    const files = await this.desk.read(this.exercise);
    if (this.closed || look !== this.looks) return;
    const key = keyOf(files);
    if (!force && key === this.known) return;
    // In the middle of a save a file can be empty, or away for a moment: another look follows.
    if (!settled && this.isShaky(files)) return;
    this.known = key;
    this.knownFiles = files;
    this.waiting = files;
    this.running?.abort();
    this.pump ??= this.judgeAll();
    await this.pump;
  }

  /** Says something below the verdict, until the next one. */
  say(message: string): void {
    this.message = message;
    this.show(false);
  }

  /** Shows the same once more, for a terminal of another size. */
  redraw(): void {
    this.show(false);
  }

  async press(pressed: Pressed): Promise<void> {
    if (this.closed || pressed.kind === 'suspend') return;
    if (pressed.kind === 'action' && pressed.action === 'quit') return await this.act('quit');
    if (this.page === 'ask-reset') return await this.answerReset(pressed);
    if (this.page === 'list') {
      this.page = 'verdict';
      return this.show(false);
    }
    if (pressed.kind === 'action' && this.offers().has(pressed.action)) await this.act(pressed.action);
  }

  /** Abandons what runs, and waits for the next save. */
  async stop(): Promise<void> {
    this.waiting = null;
    this.running?.abort();
    await this.pump;
  }

  /** Abandons what runs, for good. */
  async close(): Promise<void> {
    this.closed = true;
    this.waiting = null;
    this.running?.abort();
    await this.pump;
  }

  private async judgeAll(): Promise<void> {
    for (let files = this.waiting; files !== null && !this.closed; files = this.waiting) {
      this.waiting = null;
      const abort = new AbortController();
      const { exercise } = this;
      this.running = abort;
      this.events.onBusy(exercise);
      const judged = await this.desk.judge(exercise, files, abort.signal, (early) => {
        if (abort.signal.aborted || this.closed) return;
        this.early = early;
        this.message = null;
        this.events.onEarly(early);
        this.show(false);
      });
      this.running = null;
      this.early = null;
      if (judged === null || abort.signal.aborted || this.closed) continue;
      this.judged = judged;
      this.page = 'verdict';
      this.message = null;
      this.show(true);
      // After the verdict, so that it takes no time from it.
      void this.desk.prepare(exercise).then(() => {
        if (this.running === null && !this.closed) this.events.onReady();
      });
    }
    // In the same step in which nothing was left to judge: a save that comes now begins anew.
    this.pump = null;
  }

  private async act(action: Action): Promise<void> {
    switch (action) {
      case 'quit':
        return this.events.onQuit();
      case 'again':
        return await this.look({ force: true });
      case 'next':
        return await this.move();
      case 'all':
        this.folded = !this.folded;
        return this.show(false);
      case 'list':
        this.page = 'list';
        return this.show(false);
      case 'reset':
        this.page = 'ask-reset';
        return this.show(false);
      case 'hint': {
        const rule = this.failing();
        const here = rule === null ? 0 : (this.hinted.get(rule) ?? 0);
        if (rule !== null) this.hinted.set(rule, this.desk.showHint(this.exercise, rule, here));
        return this.show(false);
      }
    }
  }

  private async move(): Promise<void> {
    const next = this.desk.next(this.exercise);
    if (next === null) return;
    this.exercise = next;
    this.judged = null;
    this.known = null;
    this.knownFiles = null;
    this.folded = true;
    this.hinted.clear();
    this.desk.keepPlace(next);
    this.events.onMove(next);
    await this.look({ force: true });
  }

  private async answerReset(pressed: Pressed): Promise<void> {
    this.page = 'verdict';
    const isYes = pressed.kind === 'other' && pressed.key === 'y';
    if (!isYes || this.desk.reset === null) {
      this.say('Nothing was changed.');
      return;
    }
    const { ok, message } = await this.desk.reset(this.exercise);
    this.say(message);
    if (ok) await this.look();
  }

  private isShaky(files: SubjectFiles): boolean {
    if (!files.sources.ok) return true;
    const before = this.knownFiles?.sources;
    if (before?.ok !== true) return false;
    const now = files.sources.files;
    return [...before.files].some(([name, text]) => !now.has(name) || (now.get(name) === '' && text !== ''));
  }

  private failing(): string | null {
    const { judged } = this;
    if (judged === null || judged.verdict.status === 'error') return null;
    const next = nextRule(judged.verdict.rules);
    return next?.status === 'failed' ? next.id : null;
  }

  /** What can be asked for now, with its label, in the order in which it is shown. */
  private offers(): Map<Action, string> {
    const { judged, exercise, desk } = this;
    const offers = new Map<Action, string>();
    if (judged !== null) {
      const next = judged.verdict.status === 'passed' ? desk.next(exercise) : null;
      if (next !== null) offers.set('next', `next: ${next.id}`);
      const rule = this.failing();
      if (rule !== null) {
        const total = desk.hints(exercise, rule).length;
        const shown = this.hinted.get(rule) ?? 0;
        if (shown < total) offers.set('hint', shown === 0 ? `hint for ${rule}` : 'next hint');
      }
      const [few, all] = [true, false].map((folded) => desk.render(exercise, judged, { folded }));
      if (few !== all) offers.set('all', this.folded ? 'all rules' : 'fewer rules');
    }
    offers.set('list', 'list');
    if (desk.reset !== null) offers.set('reset', 'reset');
    offers.set('again', 'check again');
    offers.set('quit', 'quit');
    return offers;
  }

  private show(fresh: boolean): void {
    if (this.closed) return;
    this.events.onView(this.view(), fresh);
  }

  private view(): View {
    const { judged, exercise, desk } = this;
    const plain = { question: null, judged, isEarly: false };
    if (this.page === 'list') return { ...plain, text: desk.overview(), keys: [ANY] };
    const keys = [...this.offers()].map(([action, label]) => ({ press: PRESS[action], label }));
    if (this.early !== null && this.page === 'verdict') {
      return { ...plain, text: desk.renderEarly(exercise, this.early), keys, isEarly: true };
    }
    const rule = this.failing();
    const hints = rule === null ? [] : desk.hints(exercise, rule);
    const shown = rule === null ? 0 : (this.hinted.get(rule) ?? 0);
    const text = [
      judged === null ? '' : desk.render(exercise, judged, { folded: this.folded }),
      ...(rule === null || shown === 0 ? [] : [desk.renderHints(rule, hints.slice(0, shown), hints.length)]),
      ...(this.message === null ? [] : [`${this.message}\n`]),
    ].join('\n');
    if (this.page === 'ask-reset') {
      const question = `Put the files of ${exercise.id} back as they were handed out? A copy of yours is kept. y/n`;
      return { ...plain, text, keys: [], question };
    }
    return { ...plain, text, keys };
  }
}

function keyOf({ sources, digests }: SubjectFiles): string {
  return sources.ok ? digests.files : `unreadable: ${sources.message}`;
}

const ANY: ShownKey = { press: 'any key', label: 'back' };

const PRESS: Readonly<Record<Action, string>> = {
  next: 'n',
  hint: 'h',
  all: 'a',
  list: 'l',
  reset: 'r',
  again: 'Enter',
  quit: 'q',
};
