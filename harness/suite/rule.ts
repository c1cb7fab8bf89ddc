import type { Trial } from './trial.ts';

export type RuleBody = (trial: Trial) => Promise<void>;

const registry = new Map<string, RuleBody>();
const twice = new Set<string>();

/** Says how a rule is judged. One for each rule of the spec; the runner decides which are tried, and when. */
export function rule(id: string, body: RuleBody): void {
  if (registry.has(id)) twice.add(id);
  registry.set(id, body);
}

/** The rules that the imported suites define, and those defined more than once (a bug of ours). */
export function definedRules(): { rules: ReadonlyMap<string, RuleBody>; twice: readonly string[] } {
  return { rules: new Map(registry), twice: [...twice] };
}

/** Forgets all rules; for a worker that judges again. */
export function forgetRules(): void {
  registry.clear();
  twice.clear();
}

/**
 * A labelled piece of a rule. The label is part of what a learner sees, and of the fingerprint by which a mistake is
 * known: say what is tried, in few words.
 */
export async function step<T>(trial: Trial, label: string, run: () => Promise<T>): Promise<T> {
  trial.step = label;
  return await run();
}

/** Asks again every 10 ms until the answer is true; gives up after `within` milliseconds (3 seconds). */
export async function eventually(holds: () => Promise<boolean>, within = 3_000): Promise<boolean> {
  const deadline = Date.now() + within;
  for (;;) {
    if (await holds()) return true;
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
