/**
 * For tests: what a CTRF report may hold, after the facts of the JSON schema of ctrf-io/ctrf (specification 1.0.0, draft-07):
 * what is required, which types, which statuses, and that nothing else may stand there. Only the parts that we write.
 */
const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const named = { type: 'string', minLength: 1 };
const strict = (required: readonly string[], properties: object): object => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});

export const CTRF_SCHEMA = strict(['reportFormat', 'specVersion', 'results'], {
  reportFormat: { const: 'CTRF' },
  specVersion: { type: 'string', pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$' },
  timestamp: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' },
  generatedBy: text,
  extra: { type: 'object' },
  results: strict(['tool', 'summary', 'tests'], {
    tool: strict(['name'], { name: named, version: text, extra: { type: 'object' } }),
    summary: strict(['tests', 'passed', 'failed', 'skipped', 'pending', 'other', 'start', 'stop'], {
      ...{ tests: count, passed: count, failed: count, skipped: count, pending: count, other: count },
      ...{ flaky: count, suites: count, start: count, stop: count, duration: count },
      extra: { type: 'object' },
    }),
    tests: {
      type: 'array',
      items: strict(['name', 'status', 'duration'], {
        name: named,
        status: { enum: ['passed', 'failed', 'skipped', 'pending', 'other'] },
        ...{ duration: count, start: count, stop: count },
        suite: { type: 'array', minItems: 1, items: text },
        ...{ message: text, trace: text, rawStatus: text, type: text, filePath: text },
        tags: { type: 'array', items: text },
        extra: { type: 'object' },
      }),
    },
    environment: strict([], {
      ...{ reportName: text, appName: text, appVersion: text, commit: text, testEnvironment: text },
      extra: { type: 'object' },
    }),
    extra: { type: 'object' },
  }),
});
