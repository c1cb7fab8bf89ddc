import { THRESHOLD } from '../../similar/similar.ts';
import type { SameProgram } from '../../similar/similar.ts';
import type { Lines } from '../../similar/matches.ts';
import type { ExerciseReport, Line, ReportData, ShownPair } from './data.ts';
import { foreign, markup } from './markup.ts';
import type { Html } from './markup.ts';

/** A line of code is not shown further than this, in UTF-16 units. */
const LONGEST_LINE = 300;

/** No more groups of one exercise are listed, and no more names of one group are links. */
const MOST_GROUPS = 60;
const MOST_LINKS = 40;

/** Pairs of submissions that share much, side by side, and groups with one program. It names no copy: that is for people to say. */
export function pairSection({ exercises }: ReportData): Html {
  const found = exercises.filter(
    ({ pairs, similar }) => pairs.length > 0 || (similar?.groups.length ?? 0) > 0,
  );
  return markup`
<section aria-labelledby="similar">
<h2 id="similar">Similar programs</h2>
<p>Look at these side by side: that is all this list says. Programs are compared by their structure. Names, values, types, comments and layout play no part, and what was given to all is left out; in a class of ten or more, so is what more than half of it has.</p>
<p>Short exercises have few solutions, and people who learn together write alike. The figure is the share of both programs that is in the other one too; pairs from ${Math.round(THRESHOLD * 100)} % on are shown. Those who handed in one program are a group, on one line.</p>
${found.length === 0 && markup`<p>No pair is above that, and no two handed in one program.</p>`}
${found.map((each) => exercisePairs(each))}
${tooSmall(exercises)}
</section>`;
}

function exercisePairs({ exercise, similar, pairs }: ExerciseReport): Html {
  const more = (similar?.found ?? 0) - pairs.length;
  const groups = similar?.groups ?? [];
  return markup`<h3>${exercise.id} <small>${similar?.compared ?? 0} compared</small></h3>
${groups.slice(0, MOST_GROUPS).map((group) => groupBlock(group))}
${groups.length > MOST_GROUPS && markup`<p class="small">${groups.length - MOST_GROUPS} more groups handed in one program, and are not listed.</p>`}
${pairs.map((pair, index) => pairBlock(pair, `p-${exercise.id}-${index}`))}
${more > 0 && markup`<p class="small">${more} more pairs are above the threshold and not listed.</p>`}`;
}

/** Many with one program are one line, and not a pair for each two of them. */
function groupBlock({ students, texts }: SameProgram): Html {
  const linked = students.slice(0, MOST_LINKS);
  const rest = students.slice(MOST_LINKS);
  const what =
    texts === 1
      ? 'handed in the same bytes'
      : `handed in one program, in ${texts} texts: they differ only in what is not compared`;
  return markup`<details class="pair"><summary><b>${students.length} students</b> ${what}</summary>
<p>${linked.map((student, index) => markup`${index > 0 && ' · '}<a href="#s-${student}">${student}</a>`)}${rest.length > 0 && ` · ${rest.join(' · ')}`}</p></details>`;
}

function pairBlock(pair: ShownPair, id: string): Html {
  const { left, right, similarity, text, matches, sameTeam } = pair;
  return markup`<details class="pair"><summary><b>${Math.round(similarity * 100)} %</b> ${left} and ${right}${others(pair)}${sameTeam && markup` <i>same team</i>`}</summary>
<p class="small"><a href="#s-${left}">${left}</a> · <a href="#s-${right}">${right}</a> · ${matches.length} ${matches.length === 1 ? 'region' : 'regions'}; the number before a region leads to the other side</p>
${
  text === null
    ? markup`<p class="small">The texts lie in submissions/.</p>`
    : markup`<div class="beside">${column(
        left,
        text.left,
        matches.map((match) => match.left),
        [`${id}l`, `${id}r`],
      )}
${column(
  right,
  text.right,
  matches.map((match) => match.right),
  [`${id}r`, `${id}l`],
)}</div>`
}</details>`;
}

function others({ alsoLeft, alsoRight }: ShownPair): string {
  const count = alsoLeft + alsoRight;
  return count === 0 ? '' : `, and ${count} more with these programs`;
}

/** `ids`: what anchors begin with, here and on the other side. */
function column(
  student: string,
  lines: readonly Line[],
  regions: readonly Lines[],
  [here, there]: [string, string],
): Html {
  const parts: Html[] = [];
  for (let at = 0; at < lines.length;) {
    const region = regions.findIndex(({ from }) => from === at);
    const range = regions[region];
    const end = range === undefined ? at : Math.min(range.to, lines.length - 1);
    const text = lines.slice(at, end + 1).map((line) => shown(line));
    parts.push(
      range === undefined
        ? markup`${text}`
        : markup`<mark id="${here}${region}"><a href="#${there}${region}" aria-label="region ${region + 1}, other side">${region + 1}</a>${text}</mark>`,
    );
    at = end + 1;
  }
  return markup`<div><h4>${student}</h4><pre tabindex="0" aria-label="program of ${student}">${parts}</pre></div>`;
}

function shown({ heading, text }: Line): Html {
  const line = foreign(text.slice(0, LONGEST_LINE)).replaceAll('\n', ' ');
  const cut = text.length > LONGEST_LINE ? ' […]' : '';
  return heading ? markup`<b>${line}</b>${'\n'}` : markup`${line}${cut}${'\n'}`;
}

function tooSmall(exercises: readonly ExerciseReport[]): Html | null {
  const lines = exercises.flatMap(({ exercise, similar }) => {
    const small = similar?.tooSmall ?? [];
    return small.length === 0 ? [] : [markup`<li>${exercise.id}: ${small.length}</li>`];
  });
  if (lines.length === 0) return null;
  return markup`<details class="words"><summary>Programs too small to compare</summary><ul>${lines}</ul></details>`;
}
