import { alike, STATES, stateOf } from './data.ts';
import type { ReportData } from './data.ts';
import { foreignLine, markup } from './markup.ts';
import type { Html } from './markup.ts';
import { number } from './words.ts';
import type { StudentExercise, StudentGrade } from '../gradebook.ts';

/** A row for each student. The script sorts and filters it; without the script it is in the order of the roster. */
export function classTable({ gradebook, exercises }: ReportData): Html {
  const { students } = gradebook;
  const ids = gradebook.assignment.exercises.map(({ id }) => id);
  const named = students.some(({ name }) => name !== null);
  const teams = students.some(({ team }) => team !== null);
  const similar = new Set(exercises.flatMap((each) => [...alike(each)]));
  return markup`
<section>
<h2 id="class">Class</h2>
${legend()}
<form id="filters" hidden>
<label>Search <input id="f-text" type="search" placeholder="student, name, e-mail, team" autocomplete="off"></label>
<label>Exercise <select id="f-exercise"><option value="">any</option>${ids.map((id) => markup`<option>${id}</option>`)}</select></label>
<label>Result <select id="f-status"><option value="">any</option>
${Object.entries(FILTERS).map(([value, label]) => markup`<option value="${value}">${label}</option>`)}</select></label>
<button type="reset">Show all</button>
<output id="f-count"></output>
</form>
<div class="scroll" role="region" aria-labelledby="class" tabindex="0">
<table id="table" class="class"><thead><tr>
<th scope="col">Student</th>
${named && markup`<th scope="col">Name</th>`}${teams && markup`<th scope="col">Team</th>`}
${ids.map((id) => markup`<th scope="col" class="x">${broken(id)}</th>`)}
<th scope="col">Total</th></tr></thead>
<tbody>${students.map((student) => row(student, { ids, named, teams, similar: similar.has(student.student) }))}</tbody></table>
</div>
</section>`;
}

const FILTERS = {
  passed: 'passed or mastered',
  mastered: 'mastered',
  failed: 'failed',
  error: 'could not be judged',
  missing: 'nothing handed in',
  late: 'late',
  similar: 'in a similar pair or group',
  problem: 'with a problem',
};

function legend(): Html {
  return markup`<p class="small">${STATES.mastered} mastered: all rules · ${STATES.passed} passed: all core rules · ${STATES.failed} failed · ${STATES.error} could not be judged · ${STATES.missing} nothing handed in. The number is that of points. A name leads to the student.</p>`;
}

type Columns = { ids: readonly string[]; named: boolean; teams: boolean; similar: boolean };

function row(student: StudentGrade, { ids, named, teams, similar }: Columns): Html {
  const byId = new Map(student.exercises.map((exercise) => [exercise.id, exercise]));
  const marks = [...(similar ? ['similar'] : []), ...(student.problem === null ? [] : ['problem'])].join(' ');
  return markup`<tr${marks !== '' && markup` data-m="${marks}"`}${student.email !== null && markup` data-e="${foreignLine(student.email, 100)}"`}>
<th scope="row"><a href="#s-${student.student}">${student.student}</a></th>
${named && markup`<td class="w">${foreignLine(student.name ?? '', 80)}</td>`}
${teams && markup`<td class="w">${foreignLine(student.team ?? '', 60)}</td>`}
${ids.map((id) => cell(byId.get(id)))}
<td class="t" data-v="${student.score}">${number(student.score)}</td></tr>`;
}

function cell(exercise: StudentExercise | undefined): Html {
  if (exercise === undefined) return markup`<td></td>`;
  const state = stateOf(exercise);
  const text =
    state === 'missing' || state === 'error' ? STATES[state] : `${STATES[state]} ${exercise.points}`;
  const late = exercise.lateness.lateMs > 0;
  return markup`<td class="${state}" data-v="${state === 'missing' ? -2 : state === 'error' ? -1 : exercise.points}">${text}${late && markup` <i>late</i>`}</td>`;
}

/** May be broken where a person would break it. */
function broken(id: string): Html {
  return markup`${id.split('-').map((part, index, all) => markup`${part}${index < all.length - 1 && markup`-<wbr>`}`)}`;
}
