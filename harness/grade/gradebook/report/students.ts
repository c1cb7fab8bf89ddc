import type { StudentExercise, StudentGrade } from '../gradebook.ts';
import { STATES, stateOf } from './data.ts';
import type { ReportData } from './data.ts';
import type { Ending, Failure } from './endings.ts';
import { foreign, foreignLine, markup } from './markup.ts';
import type { Content, Html } from './markup.ts';
import { number, ranges, span } from './words.ts';
import type { Clock } from './words.ts';

/** Of why nothing could be judged, so much is always shown, in UTF-16 units. */
const LEAST = 90;

/** What is the same for all students of a report. */
export type Around = {
  data: ReportData;
  clock: Clock;
  /** Student → exercises in which this one is in a similar pair, or in a group with one program. */
  similar: ReadonlyMap<string, readonly string[]>;
  /** How much of one text of a failure is shown, in UTF-16 units; 0: nothing of failures but the ids of the rules. */
  longest: number;
};

/** The section in parts, one for each student, so that whoever writes them can let others have a turn. */
export function* studentSection(around: Around): Generator<Html> {
  const cut =
    around.longest > 0
      ? `Texts of a failure are cut at ${around.longest} signs here, and what a program printed at ${around.longest * 2}; the verdict, a file beside this one, has all of them.`
      : 'The class is too large for the texts of failures to stand here; the verdicts, files beside this one, have them.';
  yield markup`
<section aria-labelledby="students">
<h2 id="students">Students</h2>
<p class="small">${cut} Printed is what is open.</p>
<p class="buttons" hidden><button id="open" type="button">Open all</button><button id="close" type="button">Close all</button></p>`;
  for (const student of around.data.gradebook.students) yield studentBlock(student, around);
  yield markup`</section>`;
}

function studentBlock(student: StudentGrade, around: Around): Html {
  const { clock, similar } = around;
  const alike = similar.get(student.student) ?? [];
  return markup`
<details class="student"><summary><h3>${student.student}</h3> ${foreignLine(student.name ?? '', 80)} <b>${number(student.score)} of ${number(student.maxScore)}</b></summary>
<div id="s-${student.student}"><p class="facts">${facts(student, clock)}</p>
${student.problem !== null && markup`<p class="problem">${foreign(student.problem, 600)}</p>`}
${alike.length > 0 && markup`<p class="small">Among the <a href="#similar">similar programs</a>: ${alike.join(', ')}.</p>`}
${student.exercises.map((exercise) => exerciseBlock(student, exercise, around))}
<p class="small"><a href="#class">Back to the class</a></p></div></details>`;
}

function facts(student: StudentGrade, clock: Clock): Content {
  const { email, team, repo, commit, received } = student;
  const parts: Content[] = [
    email !== null && foreignLine(email, 100),
    team !== null && `team ${foreignLine(team, 60)}`,
    foreignLine(repo, 200),
    commit !== null && markup`commit <code>${foreignLine(commit.slice(0, 12), 20)}</code>`,
    received === null ? 'not received' : `received ${clock(received.at)} (${EVIDENCE[received.by]})`,
  ];
  return parts.filter((part) => part !== false).map((part, index) => [index > 0 && ' · ', part]);
}

const EVIDENCE = {
  known: 'told by whoever received it',
  'self-declared': 'self-declared: a date that can be made up',
};

function exerciseBlock(student: StudentGrade, exercise: StudentExercise, around: Around): Html {
  const { data } = around;
  const ending = data.endings.get(`${student.student}/${exercise.id}`) ?? null;
  const state = stateOf(exercise);
  // With an ending, the problem is its error.
  const problem = ending?.error ?? (student.problem === exercise.problem ? null : exercise.problem);
  return markup`<h4 class="${state}"><span>${STATES[state]}</span> <a href="#e-${exercise.id}">${exercise.id}</a> ${state === 'missing' ? 'nothing handed in' : `${state === 'error' ? 'could not be judged' : state}, ${exercise.points} of ${exercise.maxPoints} points, counts ${number(exercise.score)} of ${number(exercise.weight)}`}</h4>
${line(exercise, ending, around)}
${problem !== null && markup`<p class="problem">${foreign(problem, Math.max(around.longest, LEAST))}</p>`}
${ending !== null && around.longest > 0 && told(ending, around.longest)}`;
}

/** How each rule ended, and what is known of the submission, as one text: there are thousands of it. */
function line(
  { lateness, isolation, provenance, verdict }: StudentExercise,
  ending: Ending | null,
  { clock }: Around,
): Content {
  const { due, extended, lateMs, lateDaysUsed, factor } = lateness;
  const parts = [
    ending !== null && ending.rules.size > 0 && ends(ending),
    lateMs > 0 && `${span(lateMs)} late`,
    extended && due !== null && `extension until ${clock(due)}`,
    lateDaysUsed > 0 && `${lateDaysUsed} late ${lateDaysUsed === 1 ? 'day' : 'days'} used`,
    factor < 1 && `counts ${Math.round(factor * 100)} %`,
    provenance !== null && `isolation ${isolation}`,
    provenance !== null && `judged ${clock(provenance.at)}, ${provenance.judge}`,
  ].filter((part) => part !== false);
  // An address out of a file is followed by a click, so it has to be one that a sweep writes.
  const file = verdict !== null && /^verdicts\/[\w.-]+\/[\w.-]+\.json$/.test(verdict) ? verdict : null;
  if (parts.length === 0 && file === null) return null;
  return markup`<p class="small">${parts.join(' · ')}${file !== null && markup`${parts.length > 0 && ' · '}<a href="${file}">verdict</a>`}</p>`;
}

const ENDS = [
  ['passed', '✓'],
  ['failed', '✗'],
  ['untried', '○ not tried'],
  ['error', '! not judged'],
] as const;

function ends({ rules }: Ending): string {
  const lines = ENDS.map(([status, sign]) => {
    const ids = [...rules].flatMap(([id, ended]) => (ended === status ? [id] : []));
    return ids.length > 0 && `${sign} ${ranges(ids)}`;
  });
  return lines.filter((each) => each !== false).join('  ');
}

function told({ failures, notes, output, cut }: Ending, longest: number): Content {
  return [
    failures.length > 0 &&
      markup`<pre class="fails">${failures.map((failure) => fail(failure, longest)).join('\n\n')}</pre>`,
    notes.map((note) => markup`<p class="small">${foreign(note, longest)}</p>`),
    output !== '' &&
      markup`<details><summary>What it printed</summary><pre>${cut && '[…] '}${foreign(output, longest * 2)}</pre></details>`,
  ];
}

const CAUSES = {
  crashed: 'the program crashed',
  hung: 'no answer in time',
  exited: 'the program ended',
  memory: 'too much memory',
};

/** One text of lines with their names in front: many times smaller than a list, and read aloud in the right order. */
function fail({ rule, cause, message }: Failure, longest: number): string {
  const died = cause === 'wrong' ? '' : ` (${CAUSES[cause]})`;
  if (message === null) return `${rule}${died}`;
  const { step, sent, expected, got, note, often } = message;
  const lines = [
    `${rule}  ${foreignLine(step, 200)}${died}`,
    sent !== null && `sent      ${within(sent, longest)}`,
    `expected  ${within(expected, longest)}`,
    `got       ${within(got, longest)}`,
    note !== null && `note      ${foreignLine(note, longest)}`,
    often !== null && `often     ${foreignLine(often)}`,
  ];
  return lines.filter((each) => each !== false).join('\n');
}

/** Lines after the first stand below the first. */
function within(text: string, longest: number): string {
  return foreign(text, longest).replaceAll('\n', '\n          ');
}
