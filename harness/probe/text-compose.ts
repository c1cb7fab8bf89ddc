import { Ajv } from 'ajv';
import type { ErrorObject } from 'ajv';
import composeSchema from '../../node_modules/dclint/schemas/compose.schema.json' with { type: 'json' };
import type { ComposeProblem } from './text-messages.ts';

/** More than this many are never told: the first one is what a learner mends. */
const MOST = 10;

/** What the Compose specification's own schema has against a file; the most precise complaint first. */
export function composeProblems(value: unknown): ComposeProblem[] {
  // The schema names its dialect by an address that no validator knows by heart.
  const { $schema: _dialect, ...schema } = composeSchema as Record<string, unknown>;
  const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
  if (validate(value)) return [];
  return (validate.errors ?? [])
    .filter(({ keyword }) => !['oneOf', 'anyOf', 'if', 'not'].includes(keyword))
    .sort((a, b) => depth(b) - depth(a))
    .slice(0, MOST)
    .map((error) => ({ path: error.instancePath, message: sentence(error) }));
}

function depth({ instancePath }: ErrorObject): number {
  return instancePath.split('/').length;
}

function sentence({ keyword, params, message }: ErrorObject): string {
  const named = (params as { additionalProperty?: unknown }).additionalProperty;
  if (keyword === 'additionalProperties' && typeof named === 'string')
    return `there is no key "${named}" here`;
  return message ?? 'it is not as the specification has it';
}
