import { createHash } from 'node:crypto';
import { trusted } from '../../../dashboard/html.ts';
import { classTable } from './class-table.ts';
import { alike } from './data.ts';
import type { Assets, ReportData } from './data.ts';
import { foreign, foreignLine, markup } from './markup.ts';
import type { Html } from './markup.ts';
import { pairSection } from './pairs.ts';
import { ruleSection } from './rule-table.ts';
import { studentSection } from './students.ts';
import type { Around } from './students.ts';
import { turns } from '../../similar/turns.ts';
import { clockIn, number } from './words.ts';
import type { Clock } from './words.ts';

/** Larger than this, in UTF-16 units, a report is made again with less of each failure: it has to open at once. */
const MOST = 5_500_000;

/**
 * How much of one text of a failure is shown, in UTF-16 units: the first that keeps the report small enough. With 0, of each
 * exercise of a student there is a line, and the verdict beside the report tells the rest; a report is then as large as its
 * class makes it.
 */
const LONGEST = [600, 240, 90, 0];

/**
 * report.html: one file that asks nobody for anything. All of it is there without the script, which sorts, filters and opens.
 * A program's text is text by the type of what stands in the templates; should that fail, the policy in its head lets no
 * script run but the report's own, known by its digest, and nothing be fetched or sent. It lets the event loop turn. `most`:
 * from which size on there is less of each failure, in UTF-16 units.
 */
export async function renderReport(data: ReportData, assets: Assets, most = MOST): Promise<string> {
  const turn = turns();
  const clock = clockIn(data.gradebook.assignment.timezone);
  const { top, bottom } = frame(data, assets, clock);
  for (const longest of LONGEST) {
    const parts: string[] = [top];
    let room = most - top.length - bottom.length;
    for (const part of studentSection(around(data, clock, longest))) {
      await turn();
      parts.push(part.text);
      room -= part.text.length;
      if (room < 0 && longest > 0) break;
    }
    if (room >= 0 || longest === 0) return [...parts, bottom].join('');
  }
  throw new Error('no length fits');
}

/** The page before its students, and after them. */
function frame(data: ReportData, { script, style }: Assets, clock: Clock): { top: string; bottom: string } {
  const { assignment } = data.gradebook;
  const title = assignment.title === '' ? assignment.name : assignment.title;
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style))
    throw new Error('the report’s own script or style would end early');
  const digest = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
  const top = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${foreignLine(title, 200)} · Grades</title>
<style>${trusted(style)}</style></head>
<body><a class="skip" href="#main">Skip to the content</a>
<header class="top"><nav aria-label="Report"><b>${foreignLine(title, 80)}</b> <a href="#class">Class</a> <a href="#exercises">Exercises</a> <a href="#similar">Similar programs</a> <a href="#students">Students</a></nav></header>
<main id="main" tabindex="-1">
<h1>${foreignLine(title, 200)}</h1>
${overview(data, clock)}
${classTable(data)}
${ruleSection(data)}
${pairSection(data)}`;
  const bottom = markup`</main><script>${trusted(script)}</script></body></html>`;
  return { top: top.text, bottom: `${bottom.text}\n` };
}

function overview({ gradebook, problems }: ReportData, clock: Clock): Html {
  const { students, assignment, at, isolation, node, harness } = gradebook;
  const totals = students.map(({ score }) => score).toSorted((one, other) => one - other);
  const most = students[0]?.maxScore ?? 0;
  const lost = students.filter(({ problem }) => problem !== null);
  const count = `${students.length} ${students.length === 1 ? 'student' : 'students'}`;
  return markup`
<p>${count}, ${assignment.exercises.length} ${assignment.exercises.length === 1 ? 'exercise' : 'exercises'}, judged until ${clock(at)}. Times are in ${assignment.timezone}.</p>
<ul class="figures"><li><b>${number(median(totals))}</b> of ${number(most)} in the middle (median)</li>
<li><b>${number(totals[0] ?? 0)}</b> to <b>${number(totals.at(-1) ?? 0)}</b> in all</li>
<li><b>${students.filter(({ exercises }) => exercises.some(({ lateness }) => lateness.lateMs > 0)).length}</b> late in something</li>
<li><b>${lost.length}</b> could not be taken in</li></ul>
<p class="small">Late: ${policyText(gradebook)}. Isolation ${isolation}, Node.js ${node.replace(/^v/, '')}, workbook ${harness}.
${isolation !== 'namespace' && markup` <b>Less than namespace stops accidents and not attackers: these are marks for people you trust.</b>`}</p>
${lost.length > 0 && markup`<details class="words"><summary>What could not be taken in</summary><ul>${lost.map(({ student, problem }) => markup`<li><a href="#s-${student}">${student}</a>: ${foreignLine(problem ?? '', 400)}</li>`)}</ul></details>`}
${problems.length > 0 && markup`<details class="words" open><summary>What this report does not know</summary><ul>${problems.slice(0, 50).map((problem) => markup`<li>${foreign(problem)}</li>`)}</ul>${problems.length > 50 && markup`<p>and ${problems.length - 50} more</p>`}</details>`}`;
}

function policyText({ assignment }: ReportData['gradebook']): string {
  const { late, lateDays, graceMs } = assignment;
  const cost = {
    none: () => 'counts in full',
    zero: () => 'counts nothing',
    'per-day': (policy: { percent: number; most: number }) =>
      `${number(policy.percent)} % off for each day begun, at most ${number(policy.most)} %`,
    decay: (policy: { hours: number; most: number }) =>
      `up to ${number(policy.most)} % off over ${number(policy.hours)} hours`,
  };
  const text =
    late.policy === 'per-day'
      ? cost['per-day'](late)
      : late.policy === 'decay'
        ? cost.decay(late)
        : cost[late.policy]();
  const grace = graceMs > 0 ? `, after ${Math.round(graceMs / 60_000)} min of grace` : '';
  return `${text}${grace}${lateDays > 0 ? `; ${lateDays} free late days for each student` : ''}`;
}

function around(data: ReportData, clock: Clock, longest: number): Around {
  const similar = new Map<string, string[]>();
  for (const each of data.exercises) {
    for (const name of alike(each)) similar.set(name, [...(similar.get(name) ?? []), each.exercise.id]);
  }
  return { data, clock, similar, longest };
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
