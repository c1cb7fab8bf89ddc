import { number, percent } from './words.ts';
import { foreignLine, markup } from './markup.ts';
import type { Content, Html } from './markup.ts';
import { withCode } from '../../../dashboard/html.ts';
import type { RuleAnalysis } from './analysis.ts';
import { FEWEST_JUDGED, FEWEST_ON_A_SIDE } from './discrimination.ts';
import { STATES, stateOf } from './data.ts';
import type { ExerciseReport, ReportData, State } from './data.ts';
import type { StudentExercise } from '../gradebook.ts';

/** No more mistakes are named for one rule. */
const MOST_MISTAKES = 3;

export function ruleSection(data: ReportData): Html {
  return markup`
<section aria-labelledby="exercises">
<h2 id="exercises">Exercises and their rules</h2>
${explanation()}
${data.exercises.map((each) => exerciseBlock(each, marksOf(data, each.exercise.id)))}
</section>`;
}

function explanation(): Html {
  return markup`
<details class="words"><summary>What the columns mean</summary>
<p><b>Failed</b> is counted among those for whom the rule was judged. A rule is not tried when a rule that it needs has failed, or when the program could not be loaded; those students are not in it.</p>
<p><b>Often</b> names the catalogued mistake whose fingerprint the failures match: rule, step and answer are the same as those of a program with that mistake. Failures that match none, or more than one, are not counted there.</p>
<p><b>Tells apart</b> says how well a rule tells students who do well in the rest of the exercise from those who do not. Near 1: those who keep it keep most of the others as well. Near 0: whether somebody keeps it says nothing about the rest. Below 0: it is failed by those who do well elsewhere; then read its sentence again, it may be misleading, or look whether the class was taught something else.</p>
<p>The figure is the point-biserial correlation with the rest of the exercise: r = (M₁ − M₀) ÷ s × √(p × (1 − p)). M₁ and M₀: how many other rules those keep, on average, who pass this one and who fail it. s: the standard deviation of that number over all judged. p: the share that passes. The rule is left out of the rest, or it would be compared with itself (S. Henrysson, “Correction of item-total correlations in item analysis”, Psychometrika 28, 1963, pages 211–218).</p>
<p>With fewer than ${FEWEST_JUDGED} judged, or fewer than ${FEWEST_ON_A_SIDE} who pass or who fail, no figure is given: one student more would turn it round. Under about 100 judged it is a rough hint, no more.</p>
</details>`;
}

function exerciseBlock({ exercise, rules }: ExerciseReport, marks: readonly StudentExercise[]): Html {
  const label = `e-${exercise.id}`;
  const asks = exercise.asks === 'core' ? 'core rules' : 'all rules';
  return markup`
<section class="exercise" aria-labelledby="${label}">
<h3 id="${label}">${exercise.id} <small>${exercise.title}</small></h3>
<p class="small">Asks for ${asks}, ${exercise.maxPoints} points, counts ${number(exercise.weight)}.</p>
${shares(marks)}
<div class="scroll" role="region" aria-labelledby="${label}" tabindex="0">
<table class="rules" data-sort><thead><tr><th scope="col">Rule</th><th scope="col">Promise</th><th scope="col" class="n">Judged</th>
<th scope="col" class="n">Failed</th><th scope="col">Often</th><th scope="col" class="n">Tells apart</th></tr></thead>
<tbody>${rules.map((rule, index) => ruleRow(exercise.id, rule, index))}</tbody></table></div>
</section>`;
}

function ruleRow(exercise: string, rule: RuleAnalysis, index: number): Html {
  const share = rule.judged === 0 ? 0 : Math.round((rule.failed / rule.judged) * 100);
  return markup`<tr><th scope="row" id="r-${exercise}-${rule.id}" data-v="${index}">${rule.id}</th>
<td class="w">${withCode(rule.title)}${rule.tier === 'extra' && markup` <i>extra</i>`}</td>
<td class="n">${rule.judged}${rule.untried > 0 && markup`<br><small>${rule.untried} not tried</small>`}</td>
<td class="n" data-v="${share}"><span class="bar" style="--w:${share}%"></span>${rule.failed}<br><small>${percent(rule.failed, rule.judged)}</small></td>
<td class="w" data-v="${rule.mistakes[0]?.count ?? 0}">${often(rule)}</td>
<td class="n" data-v="${rule.discrimination.kind === 'value' ? rule.discrimination.r : -2}">${tellsApart(rule)}</td></tr>`;
}

function often({ mistakes, died }: RuleAnalysis): Content {
  const shown = mistakes.slice(0, MOST_MISTAKES);
  return [
    shown.length > 0 &&
      markup`<ul>${shown.map(({ name, often: line, count }) => markup`<li>${count} × ${foreignLine(line)}${name !== null && markup` <small>${name}</small>`}</li>`)}</ul>`,
    mistakes.length > shown.length && markup`<small>and ${mistakes.length - shown.length} others</small> `,
    died > 0 && markup`<small>${died} by a crash, an end or a wait without end</small>`,
  ];
}

function tellsApart({ discrimination }: RuleAnalysis): Content {
  if (discrimination.kind === 'none') return markup`<small>${discrimination.why}</small>`;
  return discrimination.r.toFixed(2).replace('-', '−');
}

/** How the class did, as a line and a bar. */
function shares(marks: readonly StudentExercise[]): Html {
  const states: State[] = ['mastered', 'passed', 'failed', 'error', 'missing'];
  const counts = states.map((state) => ({
    state,
    count: marks.filter((mark) => stateOf(mark) === state).length,
  }));
  const shown = counts.filter(({ count }) => count > 0);
  return markup`<p class="shares"><span class="stack" aria-hidden="true">${shown.map(({ state, count }) => markup`<span class="${state}" style="flex:${count}"></span>`)}</span>
${shown.map(({ state, count }, index) => markup`${index > 0 && ' · '}${STATES[state]} ${count} ${SHARES[state]}`)}</p>`;
}

const SHARES: Record<State, string> = {
  mastered: 'mastered',
  passed: 'passed',
  failed: 'failed',
  error: 'could not be judged',
  missing: 'handed nothing in',
};

function marksOf({ gradebook }: ReportData, id: string): StudentExercise[] {
  return gradebook.students.flatMap(({ exercises }) => exercises.filter((exercise) => exercise.id === id));
}
