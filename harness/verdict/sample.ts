import { VERDICT_SCHEMA, type RuleMessage, type RuleResult, type Verdict } from './verdict.ts';

/** Verdicts for tests of what reads or shows them: the rules of 01-http-server, in whatever state a test needs. */

/** How one rule ended, by its id. What is not named has passed. */
export type Endings = Record<string, Partial<RuleResult>>;

/** A verdict over all rules of 01-http-server; points, status and mastery follow from `endings` unless given. */
export function sampleVerdict(endings: Endings = {}, given: Partial<Verdict> = {}): Verdict {
  const rules = sampleRules.map((rule): RuleResult => {
    const status = endings[rule.id]?.status ?? 'passed';
    return { ...rule, status, points: status === 'passed' ? 1 : 0, ...endings[rule.id] };
  });
  const isPassed = (rule: RuleResult) => rule.status === 'passed';
  return {
    schema: VERDICT_SCHEMA,
    exercise: '01-http-server',
    suite: 'a'.repeat(64),
    files: 'b'.repeat(64),
    status: rules.filter((rule) => rule.tier === 'core').every(isPassed) ? 'passed' : 'failed',
    mastered: rules.every(isPassed),
    rules,
    points: rules.reduce((sum, rule) => sum + rule.points, 0),
    maxPoints: rules.length,
    output: { text: '', truncated: false },
    error: null,
    notes: [],
    isolation: 'permission',
    seed: 1834,
    durationMs: 812,
    node: 'v20.20.2',
    harness: '0.1.0',
    ...given,
  };
}

/** The ending of a rule that failed with this message. */
export function failed(message: Partial<RuleMessage>, given: Partial<RuleResult> = {}): Partial<RuleResult> {
  return { status: 'failed', cause: 'wrong', message: { ...noMessage, ...message }, ...given };
}

/** The ending of a rule that was not tried. */
export const untried: Partial<RuleResult> = { status: 'untried' };

const noMessage: RuleMessage = {
  step: 'the request',
  sent: null,
  expected: '',
  got: '',
  note: null,
  often: null,
};

function rule(
  id: string,
  tier: 'core' | 'extra',
  needs: string[],
  title: string,
  citation: string,
): Omit<RuleResult, 'status' | 'points'> {
  return {
    id,
    tier,
    title,
    citation,
    needs,
    cause: null,
    message: null,
    exchange: null,
    evidence: 'outside',
    durationMs: 12,
  };
}

const sampleRules = [
  rule('R1', 'core', [], 'GET /health answers 200 with JSON and the status ok', 'RFC 9110 §15.3.1, §8.3'),
  rule('R2', 'core', [], 'GET /hello greets the World, or the person who is named', 'RFC 9110 §9.3.1'),
  rule('R3', 'core', ['R1'], 'An unknown path is answered with 404', 'RFC 9110 §15.5.5'),
  rule(
    'R4',
    'core',
    ['R2'],
    'The query does not matter for routing, and the name in it is decoded: percent signs and plus signs',
    'RFC 3986 §3.4; URL Standard §5.1',
  ),
  rule('R5', 'core', ['R2'], 'A name outside ASCII arrives whole', 'RFC 9110 §8.6'),
  rule(
    'R6',
    'core',
    ['R1', 'R3'],
    'A known path with another method is answered with 405 and Allow',
    'RFC 9110 §15.5.6, §10.2.1',
  ),
  rule(
    'R7',
    'core',
    ['R1'],
    'POST /echo sends the same JSON value back, and refuses what is not JSON',
    'RFC 9110 §15.5.1, §15.5.16',
  ),
  rule(
    'R8',
    'core',
    ['R1'],
    'GET /boom answers 500 without a word about the inside, and the server stays up',
    'ASVS 5.0 16.5.1; RFC 9110 §15.6.1',
  ),
  rule(
    'R9',
    'core',
    ['R3'],
    'GET /files/NAME serves a file of the folder and nothing outside of it',
    'RFC 9110 §17.3; ASVS 5.0 5.3.2',
  ),
  rule('R10', 'extra', ['R1', 'R2'], 'HEAD is answered like GET, without the body', 'RFC 9110 §9.3.2'),
  rule('R11', 'extra', ['R9'], 'An address that cannot be decoded is answered with 400', 'RFC 9110 §15.5.1'),
  rule(
    'R12',
    'extra',
    ['R7'],
    'A body that arrives in pieces is put together before it is read',
    'RFC 9112 §7.1, RFC 3629 §3',
  ),
  rule(
    'R13',
    'extra',
    ['R7'],
    'A body over 65,536 bytes is answered with 413 without waiting for the rest',
    'RFC 9110 §15.5.14',
  ),
  rule('R14', 'extra', ['R1'], 'Ten slow requests wait at the same time', 'Node.js docs: the event loop'),
  rule('R15', 'extra', ['R1', 'R7'], 'Two requests on one connection are both answered', 'RFC 9112 §9.3'),
  rule(
    'R16',
    'extra',
    ['R7'],
    'A client that gives up in the middle of an upload does no harm',
    'RFC 9112 §8',
  ),
  rule('R17', 'extra', ['R1'], 'GET /time tells the time of the given clock', 'RFC 3339 §5.6'),
  rule('R18', 'extra', [], 'parseRequest reads method, target, version, headers and body', 'RFC 9112 §3, §5'),
  rule(
    'R19',
    'extra',
    ['R18'],
    'parseRequest refuses a message that two readers could read differently',
    'RFC 9112 §5.2, §6.3',
  ),
  rule('R20', 'extra', ['R18'], 'parseRequest misses the Host in HTTP/1.1', 'RFC 9112 §3.2'),
];
