import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { SENTENCES } from './contract.ts';
import type { LoadedProgram } from './contract-data.ts';
import { compiledProgram, readPrograms } from './programs.ts';
import type { Program } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'workbook-'));
afterAll(() => rmSync(folder, { recursive: true }));

const programs = readPrograms(join(process.cwd(), 'exercises', '10-testing'));

/** The sentences of the contract that a program breaks, each with the reason. */
async function brokenBy(program: Program): Promise<string[]> {
  const { text } = await compiledProgram(program, programs);
  const file = join(folder, `${program.name}.mjs`);
  writeFileSync(file, text);
  const loaded = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as LoadedProgram;
  const broken: string[] = [];
  for (const [sentence, holds] of SENTENCES) {
    try {
      await holds(loaded);
    } catch (error) {
      broken.push(`${sentence}: ${String(error).slice(0, 300)}`);
    }
  }
  return broken;
}

describe('the programs of 10-testing and its contract', () => {
  test.each(programs.right)('$name keeps every sentence', async (program) => {
    expect(await brokenBy(program)).toEqual([]);
  });

  test.each(programs.broken)('$name breaks one sentence and no other', async (program) => {
    const broken = await brokenBy(program);
    expect(broken).toEqual([expect.any(String)]);
  });
});
