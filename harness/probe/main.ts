import { readFileSync, writeSync } from 'node:fs';
import { readTree } from './files.ts';
import { onDatabase } from './sqlite.ts';
import type { ProbeAnswer, ProbeRequest } from './messages.ts';

/**
 * One request, one answer on stdout, and the end. A lock comes as an argument, and ends with stdin. With `--database`
 * what a database needs is loaded before the request comes.
 */
const [argument] = process.argv.slice(2);
const isEarly = argument === '--database';
if (isEarly) await import('better-sqlite3').then(({ default: Database }) => new Database(':memory:').close());
const locked = isEarly ? undefined : argument;
const request = JSON.parse(locked ?? readFileSync(0, 'utf8')) as ProbeRequest;
const text = Buffer.from(`${JSON.stringify(await answer(request))}\n`);
for (let written = 0; written < text.length;) written += writeSync(1, text, written);
if (request.op === 'lock') process.stdin.on('end', () => process.exit(0)).resume();

async function answer(asked: ProbeRequest): Promise<ProbeAnswer> {
  try {
    if (asked.op === 'files') return readTree(asked.folder, asked.limits);
    // Loaded only where it is needed: a probe for files may not read it.
    const { default: Database } = await import('better-sqlite3');
    return onDatabase(Database, asked);
  } catch (error) {
    return { ok: false, why: `it could not be read: ${error instanceof Error ? error.message : 'unknown'}` };
  }
}
