import { subjects } from './subject.ts';

/** Go wrong before the first rule: at import, or in what they export. */
export const LOADING = subjects([
  ['untouched-stub', '', 'stub', 'is the untouched stub'],
  ['untouched-solution', '', 'solution', 'is the reference solution'],
  ['throws-at-import', 'E1', 'solution', 'throws an Error while it is imported'],
  ['throws-null-at-import', 'E1', 'solution', 'throws null while it is imported'],
  ['throws-text-at-import', 'E1', 'solution', 'throws a string while it is imported'],
  ['throws-promise-at-import', 'E1', 'solution', 'throws a promise while it is imported'],
  [
    'throws-long-error-at-import',
    'A5',
    'solution',
    'throws an Error with a message of millions of characters',
  ],
  ['throws-error-that-throws', 'A6', 'stub', 'throws an Error that throws when it is looked at', 'loose'],
  ['throws-forged-stack', 'B2', 'solution', 'throws an Error with a stack of its own making'],
  ['rejects-at-import', 'E1', 'solution', 'awaits a rejected promise while it is imported'],
  ['leaves-rejection-at-import', 'E1', 'solution', 'leaves a rejected promise behind while it is imported'],
  ['syntax-error', 'E1', 'solution', 'has a syntax error'],
  ['wrong-export-name', 'A2', 'solution', 'exports its function under another name'],
  ['no-export', 'A2', 'solution', 'exports nothing'],
  ['default-export', 'A2', 'solution', 'exports its function as the default'],
  ['export-is-number', 'A2', 'solution', 'exports a number in the place of its function'],
  ['export-is-class', 'A2', 'solution', 'exports a class in the place of its function'],
  ['never-finishes-loading', 'E1', 'solution', 'awaits for ever while it is imported', 0.4],
  ['loops-at-import', 'E1', 'solution', 'loops for ever while it is imported', 0.4],
  ['exits-at-import', 'A1', 'stub', 'ends with exit code 0 while it is imported'],
  ['really-exits-at-import', 'A1', 'stub', 'ends past every handler while it is imported'],
  ['aborts-at-import', 'A1', 'stub', 'aborts while it is imported'],
  ['kills-itself-at-import', 'A1', 'stub', 'kills itself while it is imported'],
  ['exits-when-idle', 'A1', 'stub', 'waits for the end of all work to exit with code 0'],
  ['listens-at-import', 'E6', 'solution', 'listens on a port of its own while it is imported'],
]);

/** Return something odd: in the place of a server, or from a call. */
export const RETURNING = subjects([
  ['returns-null', 'A6', 'solution', 'returns null in the place of a server'],
  ['returns-object', 'A6', 'solution', 'returns an object that looks a little like a server'],
  ['returns-text', 'A6', 'solution', 'returns a string in the place of a server'],
  ['returns-promise-of-server', 'A6', 'solution', 'returns a promise of a server, which is waited for'],
  ['returns-thenable', 'A6', 'solution', 'returns a promise that never settles', 0.4],
  ['returns-proxy', 'A6', 'solution', 'returns a server behind a proxy'],
  ['returns-proxy-of-traps', 'A6', 'solution', 'returns a proxy that throws at every look'],
  ['returns-long-name', 'A5', 'solution', 'returns an object with a name of millions of characters'],
  ['returns-listening-server', 'A6', 'solution', 'returns a server that listens already'],
  ['returns-one-server', 'A6', 'solution', 'returns the same server every time'],
  ['returns-net-server', 'A6', 'solution', 'returns a TCP server'],
  ['returns-function', 'A6', 'stub', 'returns a function that answers 404 to everything'],
  ['throws-in-create', 'E1', 'solution', 'throws null instead of returning a server'],
  ['rejects-in-create', 'F1', 'solution', 'rejects with a long and colourful message'],
  ['never-listens', 'E1', 'solution', 'returns a server that never listens', 0.4],
  ['fails-to-listen', 'E1', 'solution', 'returns a server that fails to listen'],
  ['lies-about-its-address', 'A5', 'solution', 'returns a server with an impossible address'],
  ['refuses-to-close', 'E6', 'solution', 'returns a server that cannot be closed'],
  ['answers-with-proxy', 'A6', 'stub', 'answers a call with a proxy that has every field'],
  ['answers-with-matcher', 'A6', 'stub', 'answers a call with matchers that match everything'],
  ['answers-with-getters', 'A6', 'stub', 'answers a call with fields that change at every look'],
  ['answers-with-to-json', 'A4', 'stub', 'answers a call with toJSON methods'],
  ['answers-with-tags', 'A4', 'stub', 'answers a call with the words in which values travel'],
  ['answers-with-pollution', 'A4', 'stub', 'answers a call with a field called __proto__'],
  ['answers-with-prototype', 'A6', 'stub', 'answers a call with fields of a prototype'],
  ['answers-with-cycle', 'A4', 'stub', 'answers a call with an object that contains itself'],
  ['answers-with-depth', 'A4', 'stub', 'answers a call with objects nested 100,000 deep'],
  ['answers-with-long-text', 'A4', 'stub', 'answers a call with three million characters'],
  ['answers-with-long-list', 'A4', 'stub', 'answers a call with a list of four billion holes'],
  ['answers-with-endless-list', 'A4', 'stub', 'answers a call with a map that never ends'],
  ['answers-with-thenable', 'A6', 'stub', 'answers a call with a promise that never settles', 0.4],
  ['answers-by-throwing-null', 'A6', 'stub', 'answers a call by throwing null'],
]);

/** Run, and behave badly: hang, die, answer nonsense. */
export const BEHAVING = subjects([
  ['never-answers', 'E1', 'solution', 'takes requests and never answers', 0.4],
  ['loops-in-handler', 'E1', 'solution', 'loops for ever in a handler', 0.4],
  ['loops-in-expression', 'E1', 'solution', 'gets lost in a regular expression', 0.4],
  ['loops-in-call', 'E1', 'solution', 'loops for ever in a call', 0.4],
  ['waits-in-handler', 'E1', 'solution', 'sleeps in a handler and lets nobody else run', 0.4],
  ['exits-in-handler', 'A1', 'solution', 'ends with exit code 0 in a handler'],
  ['exits-in-call', 'A1', 'stub', 'ends with exit code 0 in a call'],
  ['exits-between-rules', 'A1', 'solution', 'ends with exit code 0 by a timer between two rules', 'unnoted'],
  ['exits-while-it-answers', 'A1', 'stub', 'ends with exit code 0 in the middle of an answer'],
  ['kills-itself-in-handler', 'A1', 'solution', 'kills itself in a handler'],
  ['throws-in-timer', 'E1', 'solution', 'throws where nobody catches'],
  ['rejects-in-handler', 'E1', 'solution', 'leaves a rejected promise behind in a handler'],
  ['swallows-errors', 'A1', 'solution', 'swallows every error of a handler that always throws', 0.4],
  ['swallows-errors-before-us', 'A1', 'solution', 'swallows every error before anybody hears of it', 0.4],
  ['answers-without-end', 'A5', 'solution', 'answers with a body that never ends', 0.4],
  ['answers-drop-by-drop', 'E1', 'solution', 'answers with a byte now and then, for ever', 0.4],
  ['answers-garbage', 'A5', 'solution', 'answers with something that is not HTTP'],
  ['answers-by-hanging-up', 'A5', 'solution', 'hangs up instead of answering'],
  ['answers-continue-for-ever', 'A5', 'solution', 'answers 100,000 times that one may go on', 0.4],
  ['answers-long-header', 'A5', 'solution', 'answers with a header of three million characters', 0.4],
  ['answers-announced-length', 'A5', 'solution', 'announces 100 GB and sends one byte', 0.4],
  ['answers-zip-bomb', 'A5', 'solution', 'answers with 100 MB packed into 100 kB'],
  ['answers-with-redirect', 'A8', 'solution', 'sends every request to another server'],
  ['answers-with-files', 'C1', 'solution', 'answers with files that want to be written to the disk'],
  ['answers-examples-only', 'A7', 'solution', 'knows the examples of the README by heart'],
]);

/** Take more than they should: output, memory, files, processes. */
export const TAKING = subjects([
  ['prints-much', 'E5', 'stub', 'prints 64 MB'],
  ['prints-no-line', 'E5', 'stub', 'prints 5 MB without an end of line'],
  ['prints-bytes', 'E5 F1', 'stub', 'prints bytes that are no text'],
  ['prints-for-ever', 'E5', 'stub', 'prints for ever while it is imported', 0.4],
  ['prints-in-every-host', 'E5', 'solution', 'prints much and dies, again and again'],
  ['prints-while-it-serves', 'E5', 'solution', 'prints without a pause while it serves well'],
  ['fills-memory-at-import', 'E3', 'stub', 'takes 2 GB outside of the heap while it is imported', 4],
  ['fills-heap-at-import', 'E3', 'stub', 'lets its heap grow without end', 4],
  ['fills-memory-in-handler', 'E3', 'solution', 'takes 2 GB in a handler', 4],
  ['fills-memory-in-between', 'E3', 'stub', 'takes 2 GB between its import and the first request', 4],
  ['fills-the-disk', 'E4 C1', 'stub', 'writes to the disk in every way'],
  ['takes-all-descriptors', 'E6', 'solution', 'opens files until no descriptor is left'],
  ['starts-children', 'E2', 'stub', 'starts processes and threads in every way'],
]);

/** Meddle with the pipe between the host and the workbook. */
export const PIPE = subjects([
  ['writes-garbage', 'A5 C3', 'stub', 'writes garbage into the pipes to us'],
  [
    'writes-garbage-everywhere',
    'A5 C3',
    'stub',
    'writes garbage to every other descriptor it finds',
    'loose',
  ],
  ['writes-replies', 'A5', 'stub', 'answers two hundred questions before they are asked'],
  ['answers-for-the-host', 'A5', 'stub', 'answers every question in the place of its host'],
  ['says-it-is-loaded', 'A5', 'stub', 'claims exports that it does not have'],
  ['answers-another-question', 'A5', 'stub', 'answers every question in the words of another'],
  ['announces-much', 'A5', 'stub', 'announces a message of 4 GB'],
  ['announces-and-waits', 'A5', 'stub', 'sends half a message', 0.4],
  ['answers-twice', 'A5', 'stub', 'sends every answer twice'],
  ['floods-late-answers', 'A5 E7', 'solution', 'floods us with old answers while it serves well'],
  ['floods-events', 'A5', 'stub', 'floods us with events'],
  ['says-it-is-ready-again', 'A5', 'stub', 'says for a second time that its host is ready', 'loose'],
  ['stands-still-and-loops', 'A5 E1', 'stub', 'claims to stand still in a database, and loops', 0.4],
  ['answers-pings-in-a-loop', 'A5 E1', 'solution', 'answers the watch from inside its endless loop', 0.4],
  ['closes-the-pipe', 'A5', 'stub', 'closes the pipe to us'],
  ['closes-every-descriptor', 'A5 E6', 'stub', 'closes every descriptor'],
  ['looks-at-descriptors', 'A5', 'stub', 'looks at every descriptor'],
  ['waits-on-real-time', 'E9', 'solution', 'waits on real time in the place of the clock'],
  ['forges-the-clock', 'A5 E9', 'solution', 'does the same and claims to wait on the clock'],
]);

/** Look for what they must not see. */
export const READING = subjects([
  ['reads-the-suite', 'B1 B6', 'stub', 'looks for the suite and the solution in every way that reads files'],
]);

/** Say things that act on a terminal or on a CI runner. */
export const SHOWING = subjects([
  ['prints-signs', 'F1', 'stub', 'prints what moves a cursor, colours and reorders'],
  ['prints-commands', 'F2', 'stub', 'prints commands for CI runners'],
  ['throws-signs-at-import', 'F1 F2', 'solution', 'throws an error whose text acts on a terminal'],
  ['throws-signs-in-handler', 'F1 F2', 'solution', 'throws such an error in a handler'],
  ['names-with-signs', 'F1', 'solution', 'has such text in the name of an export'],
  ['answers-with-signs', 'F1', 'solution', 'answers with such text in headers and body'],
  ['answers-calls-with-signs', 'F1', 'stub', 'answers a call with such text in keys and values'],
]);

/** What fools a test runner that loads the learner's code. All are laid over the stub, which keeps no rule. */
export const FORGERS = subjects([
  ['extends-expect', 'A3', 'stub', 'extends the matchers of the test runner'],
  ['redefines-matcher', 'A3', 'stub', 'redefines a matcher of the assertion library'],
  ['expects-failure', 'A3', 'stub', 'marks tests as meant to fail, from a hook'],
  ['wraps-worker-line', 'A3', 'stub', 'wraps the line that results are reported through'],
  ['swallows-rejections', 'A3', 'stub', 'swallows rejections in Promise.prototype.then'],
  ['marks-current-test', 'A3', 'stub', 'marks the test that runs as meant to fail'],
  ['skips-tests', 'A2', 'stub', 'skips tests from a hook'],
  ['adds-only-test', 'A2', 'stub', 'adds a test and wants only that one to run'],
  ['equals-everything', 'A3', 'stub', 'makes Object.is agree with everything'],
  ['agrees-with-everything', 'A3', 'stub', 'makes Array.prototype.every agree as well'],
  ['loses-what-is-pushed', 'A3', 'stub', 'makes Array.prototype.push do nothing', 'loose'],
  ['exits-in-mid-air', 'A1', 'stub', 'ends itself with exit code 0 past every handler', 'loose'],
  ['rewrites-json', 'A3', 'stub', 'rewrites what is written as JSON'],
  ['rewrites-buffers', 'A3', 'stub', 'rewrites what is put into buffers'],
  ['silences-events', 'A3', 'stub', 'silences errors and exits of everything'],
  ['patches-servers', 'A3', 'stub', 'patches every HTTP server'],
  ['pollutes-one-option', 'A4', 'stub', 'gives all objects an option of the test runner', 'loose'],
  ['pollutes-objects', 'A4', 'stub', 'pollutes the prototype of all objects'],
  ['replaces-globals', 'A3', 'stub', 'replaces timers and the functions of process', 'loose'],
  ['prints-results', 'C3 F2', 'stub', 'prints the results of a run that went well'],
]);

/** Met through the command line, as a process of its own (command-line.test.ts). */
export const COMMAND_LINE = subjects([
  ['prints-environment', 'B5 D8', 'stub', 'prints its environment'],
  ['asks-its-parent-for-a-debugger', 'B6 E8', 'stub', 'asks the workbook to open a debugger'],
  ['kills-its-parent', 'E8', 'stub', 'kills the workbook'],
  ['listens-beside', 'E6', 'solution', 'opens a port beside its server'],
]);

/**
 * Try to get out, or to tell others what they know. They are told where everything is, and judged by `npm run attack`, which
 * looks whether anything arrived.
 */
export const ESCAPING = subjects([
  ['asks-another-server', 'A8', 'stub', 'lets a server beside the workbook answer', 'loose'],
  ['uses-a-package', 'A8', 'stub', 'lets a package answer that it may not use', 'loose'],
  ['reads-a-secret', 'B1', 'stub', 'reads a file beside the workbook', 'loose'],
  [
    'reads-through-a-link',
    'B1 D1',
    'stub',
    'makes a link to a file beside the workbook and reads it',
    'loose',
  ],
  ['shows-its-callers', 'B2', 'stub', 'prints whatever code its callers consist of', 'loose'],
  ['connects-over-tcp', 'B4', 'stub', 'sends what it knows to a server of this machine', 'loose'],
  ['connects-over-ipv6', 'B4', 'stub', 'does so over IPv6', 'loose'],
  ['connects-over-a-unix-socket', 'B4', 'stub', 'does so over a unix socket', 'loose'],
  ['sends-a-datagram', 'B4', 'stub', 'does so with a datagram', 'loose'],
  ['asks-for-a-name', 'B4', 'stub', 'hides what it knows in a question for a name', 'loose'],
  ['fetches', 'B4', 'stub', 'does so with a request', 'loose'],
  [
    'prints-a-secret-of-its-environment',
    'B5 D8',
    'stub',
    'prints its environment, and that of its parent',
    'loose',
  ],
  ['looks-into-processes', 'B6', 'stub', 'prints the environment of a process of the same user', 'loose'],
  ['looks-into-memory', 'B6', 'stub', 'searches the memory of a process for its secrets', 'loose'],
  ['writes-outside', 'C1', 'stub', 'writes a file beside the workbook', 'loose'],
  [
    'overwrites-the-workbook',
    'C1 C4',
    'stub',
    'overwrites suites, solutions, the harness and progress',
    'loose',
  ],
  ['prints-reports', 'C3', 'stub', 'prints passed tests in the words of many runners', 'loose'],
  ['replaces-built-in-modules', 'D9', 'stub', 'replaces what modules of Node.js export', 'loose'],
  ['registers-a-loader', 'D9', 'stub', 'registers hooks of the module loader', 'loose'],
  ['leaves-a-child-behind', 'E2', 'stub', 'starts a process that goes on when it is gone', 'loose'],
  ['fills-a-folder', 'E4', 'stub', 'fills a folder beside the workbook with files', 'loose'],
  ['ends-a-neighbour', 'E8', 'stub', 'ends a process of the same user', 'loose'],
  ['turns-clocks', 'E9', 'stub', 'turns every clock that it can reach', 'loose'],
  [
    'writes-commands-into-files',
    'F2',
    'stub',
    'writes commands into the files that CI services name in the environment',
    'loose',
  ],
  ['prints-formulas', 'F3', 'stub', 'prints what a spreadsheet computes', 'loose'],
  ['prints-markup', 'F4', 'stub', 'throws an error with scripts, fences, mentions and images in it', 'loose'],
  [
    'prints-what-no-report-may-hold',
    'F5',
    'stub',
    'throws an error with signs that no XML may hold',
    'loose',
  ],
]);
