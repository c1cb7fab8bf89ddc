// Frames that lead to files that are not the learner's, or to no place at all.
const folder = /(?:file:\/\/)?\/\S*(?=\/src\/)/.exec(new Error().stack ?? '')?.[0] ?? '';
const error = new Error('where am I?');
error.stack = [
  'Error: where am I?',
  `    at suite (${folder}/hidden/core.suite.ts:1:1)`,
  `    at climbing (${folder}/src/../../../harness/check/check.ts:1:1)`,
  `    at undecodable (file://${folder.replace('file://', '')}/%E0%A4%A.ts:1:1)`,
  `    at far (${folder}/src/server.ts:${'9'.repeat(400)}:1)`,
  `    at \u001b[2J\u202e (${folder}/src/\u001b[31mred.ts:1:1)`,
  `    at ${' (file://:1'.repeat(1500)}`,
].join('\n');
throw error;
