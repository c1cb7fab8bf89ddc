import type { Exercise } from '../catalog/exercise.ts';
import type { ExerciseState } from '../progress/progress.ts';
import { errorTexts } from '../verdict/stopped.ts';
import { nextRule } from '../verdict/terminal.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { foreign, foreignLine } from './foreign.ts';
import type { Lock } from './desk.ts';
import { action } from './frame.ts';
import type { Site } from './frame.ts';
import { html } from './html.ts';
import type { Content, Html } from './html.ts';
import type { Standing } from './live.ts';
import { nextLine, placeList, ruleView } from './rule-view.ts';
import type { RuleSurroundings, ShownRule } from './rule-view.ts';

export type PanelParts = {
  site: Site;
  exercise: Exercise;
  standing: Standing;
  state: ExerciseState;
  lock: Lock;
  hints: ReadonlyMap<string, string[]>;
  /** The learner's files as they are now; null: they cannot be read. */
  files: ReadonlyMap<string, string> | null;
  /** The exercise to go on with after the pass. */
  next: Exercise | null;
  /** When it is due, in a few words; null: nothing has to be said. */
  due: string | null;
};

/** What stands beside the spec: the rules with their state, and what to do. It changes while the page is open. */
export function panel(parts: PanelParts): Html {
  const { site, exercise, standing, state, lock } = parts;
  if (lock.kind === 'locked') return locked(parts, lock.missing);
  const verdict = standing.judged?.verdict ?? null;
  const rules = shownRules(parts);
  const isTask = standing.judged?.untouched === true;
  const next = verdict === null || isTask ? null : (nextRule(verdict.rules)?.id ?? null);
  const around: RuleSurroundings = {
    site,
    exercise: exercise.id,
    verdict,
    files: parts.files ?? new Map(),
    next,
  };
  // The rule to work on stands first, in full; in its list a line leads there.
  const line = (rule: ShownRule): Html => (rule.id === next ? nextLine(rule) : ruleView(rule, around));
  const nextShown = rules.find(({ id }) => id === next);
  const worked =
    nextShown === undefined
      ? null
      : html`<ul class="rules">
          ${ruleView(nextShown, around)}
        </ul>`;
  const core = rules.filter(({ tier }) => tier === 'core');
  const extra = rules.filter(({ tier }) => tier === 'extra');
  return html`<div class="standing">
      <h2>${headline(parts, rules)}</h2>
      <p class="tally">
        ${score(core)}
        core${extra.length > 0 ? ` · ${score(extra)} extra` : ''}${state.attempts > 0 ? ` · ${state.attempts} ${state.attempts === 1 ? 'check' : 'checks'}` : ''}
      </p>
      <progress
        class="meter"
        max="${Math.max(1, core.length)}"
        value="${core.filter(({ status }) => status === 'passed').length}"
        aria-label="Core rules passed"
      ></progress>
      ${parts.due === null ? null : html`<p class="due">${parts.due}</p>`}
      <div class="buttons">
        ${
          standing.busy
            ? action(site, `/exercise/${exercise.id}/stop`, 'Stop', { quiet: true, id: 'stop' })
            : action(site, `/exercise/${exercise.id}/check`, 'Check now', { id: 'check' })
        }
        <p class="busy">${standing.busy ? 'Checking…' : 'Every save is checked.'}</p>
      </div>
    </div>
    ${standing.trouble === null ? null : html`<p class="notice">Saves can no longer be seen (${foreignLine(standing.trouble)}). Press “Check now” after a save.</p>`}
    ${verdict === null ? null : stopped(verdict, around)}
    ${(verdict?.notes ?? []).map((note) => html`<p class="notice">${foreign(note, { maxLines: 6 })}</p>`)}
    ${verdict?.status === 'passed' ? [onwards(parts, verdict), worked] : [worked, onwards(parts, verdict)]}
    <h3>Core</h3>
    <ol class="rules">
      ${core.map(line)}
    </ol>
    ${
      extra.length === 0
        ? null
        : html`<h3>Extra <small>for mastery; nothing waits for them</small></h3>
            <ol class="rules">
              ${extra.map(line)}
            </ol>`
    }
    ${yourFiles(parts)}`;
}

/** The same in one sentence, for whoever has the page read out. */
export function spoken({
  exercise,
  standing,
  state,
}: Pick<PanelParts, 'exercise' | 'standing' | 'state'>): string {
  const verdict = standing.judged?.verdict ?? null;
  if (standing.busy) return 'Checking…';
  if (verdict === null) return '';
  if (verdict.status === 'error') return `${exercise.id}: no rule could be tried.`;
  const core = verdict.rules.filter(({ tier }) => tier === 'core');
  const passed = core.filter(({ status }) => status === 'passed').length;
  const next = nextRule(verdict.rules);
  const start = verdict.mastered ? 'Mastered.' : verdict.status === 'passed' ? 'Passed.' : '';
  const rest = next === null || standing.judged?.untouched === true ? '' : ` ${next.id} fails.`;
  return `${start} ${passed} of ${core.length} core rules pass.${state.passedAt !== null && verdict.mastered ? '' : rest}`.trim();
}

function shownRules({ exercise, standing, state, hints }: PanelParts): ShownRule[] {
  const verdict = standing.judged?.verdict ?? null;
  const isTask = standing.judged?.untouched === true;
  return exercise.rules.map((rule): ShownRule => {
    const result = verdict?.rules.find(({ id }) => id === rule.id) ?? null;
    const last = state.lastRules.find(({ id }) => id === rule.id)?.status ?? 'untried';
    const status = verdict === null ? last : (result?.status ?? 'untried');
    return {
      ...rule,
      // The starting code fails nearly everything: that is the task, not a list of failures.
      status: isTask && status === 'failed' ? 'untried' : status,
      result: isTask ? null : result,
      hints: hints.get(rule.id) ?? [],
      seen: state.hints.get(rule.id) ?? 0,
      waitsFor: rule.needs.filter((id) => verdict?.rules.find((each) => each.id === id)?.status !== 'passed'),
    };
  });
}

function headline({ exercise, standing, state }: PanelParts, rules: readonly ShownRule[]): string {
  const judged = standing.judged;
  if (judged === null) return state.passedAt === null ? 'The rules' : 'Passed';
  const { verdict } = judged;
  if (verdict.status === 'error') return 'No rule could be tried';
  if (judged.untouched) {
    const count = rules.filter(({ tier, status }) => tier === 'core' && status !== 'passed').length;
    return `Your task: ${count} ${count === 1 ? 'rule' : 'rules'}`;
  }
  if (verdict.mastered) return '★ Mastered';
  if (verdict.status === 'passed') return '✓ Passed';
  const next = nextRule(verdict.rules);
  return next === null ? `${exercise.id} is not passed yet` : `Next: ${next.id}`;
}

/** Why rules could not be tried at all: a syntax error, a crash at the start, and the like. */
function stopped(verdict: Verdict, { site, exercise, files }: RuleSurroundings): Content {
  const { error } = verdict;
  if (error === null) return null;
  const { happened, next } = errorTexts[error.kind];
  const found = error.frames.slice(0, 3).flatMap(({ file, line }) => {
    const path = [...files.keys()].find((each) => file === each || file.endsWith(`/${each}`));
    const text = path === undefined ? undefined : files.get(path)?.split(/\r?\n/)[line - 1];
    return path === undefined || text === undefined ? [] : [{ file: path, line, text }];
  });
  const printed = verdict.output.text.trim();
  return html`<section class="stopped">
    <h3>${happened}</h3>
    <pre><code>${foreign(error.message, { maxLines: 14, maxChars: 3_000 })}</code></pre>
    ${placeList(found, exercise, site)}
    <p>${next(`exercises/${exercise}/README.md`)}</p>
    ${
      printed === ''
        ? null
        : html`<h4>Your program printed</h4>
            <pre><code>${foreign(printed, { maxLines: 20, maxColumns: 400, keep: 'end' })}</code></pre>`
    }
  </section>`;
}

/** What opens with the pass. */
function onwards({ exercise, state, standing, next }: PanelParts, verdict: Verdict | null): Content {
  if (state.passedAt === null) return null;
  const opened = standing.judged?.opened ?? [];
  const fails = verdict !== null && verdict.status !== 'passed';
  return html`<section class="onwards">
    <h3>${fails ? 'You passed this before' : 'What now'}</h3>
    <ul>
      ${next === null ? null : html`<li><a class="button" href="/exercise/${next.id}">${opened.includes(next.id) ? 'Unlocked: ' : 'Next: '}${next.id}</a></li>`}
      <li><a href="/exercise/${exercise.id}/solution">Walk-through and solution, beside yours</a></li>
      <li><a href="/quiz/${exercise.id}">Quiz: do you know why it works?</a></li>
    </ul>
  </section>`;
}

function locked({ exercise: { id }, site, due }: PanelParts, missing: readonly string[]): Html {
  return html`<div class="standing">
    <h2>Locked</h2>
    <p>It builds on ${missing.join(' and ')}.</p>
    ${due === null ? null : html`<p class="due">It ${due}.</p>`}
    <ul class="ways">
      <li><a href="/exercise/${missing[0] ?? ''}">Pass ${missing[0] ?? ''} first</a></li>
      ${missing.map((each) => html`<li>${action(site, `/exercise/${each}/skip`, `Skip ${each}`, { quiet: true, fields: { back: id } })}</li>`)}
      <li>${action(site, `/exercise/${id}/unlock`, 'Open this one now', { quiet: true, id: 'unlock' })}</li>
    </ul>
  </div>`;
}

function yourFiles({ site, exercise, files, lock }: PanelParts): Content {
  if (lock.kind === 'locked') return null;
  const paths = [...(files?.keys() ?? [])].slice(0, MOST_FILES);
  return html`<section class="files">
    <h3>Your files</h3>
    ${
      paths.length === 0
        ? html`<p>They cannot be read, or there are none.</p>`
        : html`<ul>
            ${paths.map((file) => html`<li>${action(site, `/exercise/${exercise.id}/open`, html`<span class="unseen">Open </span><code>${foreignLine(file)}</code>`, { fields: { file, line: '1' }, quiet: true })}</li>`)}
          </ul>`
    }
    <p class="small"><a href="/exercise/${exercise.id}/reset">Begin again with the starting code</a></p>
  </section>`;
}

function score(rules: readonly ShownRule[]): string {
  return `${rules.filter(({ status }) => status === 'passed').length} of ${rules.length}`;
}

const MOST_FILES = 40;
