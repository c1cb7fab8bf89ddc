import { tmpdir } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { ProgramProcess } from './program.ts';

function start(script: string, memory = 1 << 30): ProgramProcess {
  const program = new ProgramProcess(process.execPath, ['-e', script], { folder: tmpdir(), env: {}, memory });
  onTestFinished(() => program.kill());
  return program;
}

test('lines of stdout are kept whole, wherever the pieces are cut, and stderr is not among them', async () => {
  const program = start(
    `process.stdout.write(Buffer.from('one\\r\\nzw\\u00f6').subarray(0, 8)); console.error('aside');
     setTimeout(() => process.stdout.write(Buffer.from('\\u00f6').subarray(1)), 20);
     setTimeout(() => process.stdout.write('lf\\nlast'), 40);`,
  );
  expect(await program.ended).toEqual({ code: 0, signal: null });
  expect(program.lines).toEqual(['one', 'zwölf', 'last']);
  expect(program.output.text).toContain('aside');
});

test.skipIf(process.platform === 'win32')('an exit code and a signal are told apart', async () => {
  expect(await start('process.exit(7)').ended).toEqual({ code: 7, signal: null });
  const waits = start(`console.log('up'); setInterval(() => {}, 1000)`);
  await expect.poll(() => waits.lines).toEqual(['up']);
  expect(waits.death).toBeNull();
  waits.signal('SIGTERM');
  expect(await waits.ended).toEqual({ code: null, signal: 'SIGTERM' });
  expect(waits.death).toMatchObject({ cause: 'exited' });
});

test.skipIf(process.platform === 'win32')('a signal can be answered', async () => {
  const program = start(
    `process.on('SIGTERM', () => { console.log('bye'); process.exit(3); }); console.log('up'); setInterval(() => {}, 1000)`,
  );
  await expect.poll(() => program.lines).toEqual(['up']);
  program.signal('SIGTERM');
  expect(await program.ended).toEqual({ code: 3, signal: null });
  expect(program.lines).toEqual(['up', 'bye']);
});

test('a flood is read to its end and kept in part', async () => {
  const program = start(`for (let i = 0; i < 300000; i++) process.stdout.write('0123456789\\n');`);
  await program.ended;
  expect(program.truncated).toBe(true);
  expect(program.lines.length).toBeLessThan(100_000);
});

test.runIf(process.platform === 'linux')('too much memory ends it, and is named', async () => {
  const program = start(
    `const all = []; setInterval(() => all.push(Buffer.alloc(20 << 20, 1)), 5)`,
    200 << 20,
  );
  await program.ended;
  expect(program.death).toMatchObject({ cause: 'memory' });
});

test.skipIf(process.platform === 'win32')('children that hold its output end with it', async () => {
  const program = start(
    `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }); setTimeout(() => process.exit(0), 50)`,
  );
  expect(await program.ended).toEqual({ code: 0, signal: null });
});
