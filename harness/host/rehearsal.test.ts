import Database from 'better-sqlite3';
import express from 'express';
import { expect, test, vi } from 'vitest';
import { rehearse } from './rehearsal.ts';

test('every package that a program may import is used, and nothing is left open', async () => {
  const opened = vi.spyOn(Database.prototype, 'prepare');
  const served = vi.spyOn(express.response, 'status');
  const before = process.getActiveResourcesInfo().filter((kind) => /TCP/.test(kind)).length;
  await rehearse(['express', 'jsonwebtoken', 'bcryptjs', 'better-sqlite3']);
  expect(opened).toHaveBeenCalled();
  expect(served).toHaveBeenCalledWith(201);
  await expect
    .poll(() => process.getActiveResourcesInfo().filter((kind) => /TCP/.test(kind)).length)
    .toBe(before);
  vi.restoreAllMocks();
});

test('a package that it does not know, or that cannot be used, is passed over', async () => {
  vi.spyOn(Database.prototype, 'exec').mockImplementation(() => {
    throw new Error('broken');
  });
  await expect(rehearse(['left-pad', 'better-sqlite3'])).resolves.toBeUndefined();
  vi.restoreAllMocks();
});
