import type { Rule } from '../catalog/exercise.ts';
import type { RecordedResult, SentRequest } from '../suite/link.ts';
import { VERDICT_SCHEMA } from '../verdict/verdict.ts';
import type { RuleResult, Verdict, VerdictError } from '../verdict/verdict.ts';
import type { Checked, CheckRequest } from './check.ts';
import { diagnose, readDiagnosis } from './diagnosis.ts';
import { plannedRules } from './plan.ts';

/** All that a run left behind. */
export type Evidence = {
  results: RecordedResult[];
  /** Parts that could not be met, by name. */
  errors: Map<string, VerdictError>;
  /** The engine's own failure. */
  harness: string | null;
  output: { text: string; truncated: boolean };
  /** Sentences about the run as a whole. */
  notes: string[];
};

/**
 * A verdict from positive evidence: each planned rule needs exactly one result that the suite recorded. Exit codes and
 * the test runner's own opinion count for nothing.
 */
export function assemble(
  request: CheckRequest,
  evidence: Evidence,
  durationMs: number,
): Omit<Checked, 'again'> {
  const { exercise } = request;
  const fingerprints = new Map<string, string>();
  const requests = new Map<string, SentRequest>();
  const diagnosis = readDiagnosis(exercise.folder);
  const passed = new Set(
    evidence.results.filter(({ outcome }) => outcome.status === 'passed').map(({ rule }) => rule),
  );
  const problem = evidence.harness ?? evidenceProblem(request, evidence);
  const rules = exercise.rules.map((rule) => {
    const recorded = evidence.results.find((result) => result.rule === rule.id);
    if (recorded?.outcome.status === 'failed') {
      fingerprints.set(rule.id, recorded.outcome.fingerprint);
      if (recorded.outcome.request) requests.set(rule.id, recorded.outcome.request);
    }
    const often = diagnose(diagnosis, fingerprints.get(rule.id), passed)?.often ?? null;
    return ruleResult(rule, recorded, { broken: problem !== null, often });
  });
  const core = rules.filter((rule) => rule.tier === 'core');
  const allCore = problem === null && core.every((rule) => rule.status === 'passed');
  const verdict: Verdict = {
    schema: VERDICT_SCHEMA,
    exercise: exercise.id,
    suite: request.digests.suite,
    files: request.digests.files,
    status: allCore ? 'passed' : problem !== null || !anyCoreRan(request, evidence) ? 'error' : 'failed',
    mastered: allCore && rules.every((rule) => rule.status === 'passed'),
    rules,
    points: rules.reduce((sum, rule) => sum + rule.points, 0),
    maxPoints: exercise.rules.filter((rule) => !rule.keep).length,
    output: evidence.output,
    error:
      problem === null ? firstError(request, evidence) : { kind: 'harness', message: problem, frames: [] },
    notes: evidence.notes,
    isolation: request.inspect ? 'none' : (request.isolation ?? 'permission'),
    seed: request.seed,
    durationMs: Math.round(durationMs),
    node: process.version,
    harness: request.harness,
  };
  return { verdict, fingerprints, requests };
}

/** `broken`: the evidence as a whole cannot be trusted. `often`: what this failure often means. */
type Known = { broken: boolean; often: string | null };

function ruleResult(rule: Rule, recorded: RecordedResult | undefined, known: Known): RuleResult {
  const outcome = recorded?.outcome;
  const base = {
    id: rule.id,
    tier: rule.tier,
    title: rule.title,
    citation: rule.citation,
    needs: rule.needs,
    evidence: rule.evidence,
    durationMs: Math.round(recorded?.durationMs ?? 0),
    cause: null,
    points: 0,
    message: null,
    exchange: null,
  };
  switch (outcome?.status) {
    case undefined:
      return { ...base, status: known.broken ? 'error' : 'untried' };
    case 'untried':
      return { ...base, status: 'untried' };
    case 'error':
      return { ...base, status: 'error' };
    case 'passed':
      return { ...base, status: 'passed', points: rule.keep ? 0 : 1 };
    case 'failed': {
      const { cause, message, exchange } = outcome;
      return { ...base, status: 'failed', cause, message: { ...message, often: known.often }, exchange };
    }
  }
}

/** What is wrong with the evidence itself: results missing, doubled or of the suite's own failure. */
function evidenceProblem(request: CheckRequest, evidence: Evidence): string | null {
  if (!anyCoreRan(request, evidence)) return null;
  const failure = evidence.results.find((result) => result.outcome.status === 'error');
  if (failure?.outcome.status === 'error') return `${failure.rule}: ${failure.outcome.why}`;
  const counts = new Map<string, number>();
  for (const { rule } of evidence.results) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const planned = plannedRules(request);
  for (const { id } of planned) {
    const count = counts.get(id) ?? 0;
    if (count !== 1) return count === 0 ? `${id} has no result` : `${id} has ${count} results`;
  }
  const stray = [...counts.keys()].find((id) => !planned.some((rule) => rule.id === id));
  return stray === undefined ? null : `a result for ${stray}, which was not asked for`;
}

function anyCoreRan(request: CheckRequest, evidence: Evidence): boolean {
  return request.exercise.rules.some((rule) => rule.tier === 'core' && !evidence.errors.has(rule.part));
}

function firstError(request: CheckRequest, evidence: Evidence): VerdictError | null {
  for (const { name } of request.exercise.parts) {
    const error = evidence.errors.get(name);
    if (error !== undefined) return error;
  }
  return null;
}
