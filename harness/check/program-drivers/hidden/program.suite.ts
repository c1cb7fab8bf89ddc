// canary 6476de58d20120486ea401fd
import { place, rule, Unmet } from '#suite';
import type { App, Program, Trial } from '#suite';

function must(holds: boolean, expected: string, got: unknown): void {
  if (!holds) throw new Unmet({ expected, got: JSON.stringify(got) });
}

async function started(t: Trial): Promise<{ program: Program; app: App }> {
  const program = await t.start({ env: { PORT: '0', STATE_FILE: place('state.txt') } });
  const line = await program.line('a line that says where it listens', (each) => each.includes('listening'));
  const { port } = JSON.parse(line) as { port: number };
  return { program, app: program.app(port) };
}

rule('R1', async (t) => {
  const { program, app } = await started(t);
  must((await app.get('/')).text === '{"again":false,"secret":null}', 'an empty environment', null);
  await program.signal('SIGTERM');
  const exit = await program.exit();
  must(exit?.code === 0 && exit.signal === null, 'the exit code 0', exit);
  await program.line('a last line', (line) => line.includes('stopping'));
  const file = await t.found('state.txt');
  must(file.kind === 'file' && file.size === 7, 'the file that it wrote', file);
  const folder = await t.found('state.txt-more');
  must(folder.kind === 'folder' && folder.names.join() === 'a,b', 'the folder that it made', folder);
  must((await t.found('none.txt')).kind === 'nothing', 'nothing where it made nothing', null);
  const again = await started(t);
  must((await again.app.get('/')).text.includes('"again":true'), 'the file that the first one wrote', null);
  await again.program.kill();
  must(
    (await again.program.exit())?.signal === 'SIGKILL',
    'the end of a power cut',
    await again.program.exit(),
  );
});

rule('R2', async (t) => {
  const { app } = await started(t);
  must((await app.get('/')).text.includes('"again":false'), 'nothing of the rule before', null);
  const failing = await t.start({ args: ['fails'] });
  const exit = await failing.exit(10_000);
  must(exit?.code === 3, 'the exit code 3', exit);
  must(
    failing.printed.includes('no such mode') && failing.lines.length === 0,
    'what it wrote on stderr',
    failing.printed,
  );
});

rule('R3', async (t) => {
  const { app } = await started(t);
  await app.get('/die');
});

rule('R4', async (t) => {
  await (await t.start({ args: ['throws'] })).line('a line', () => true);
});

rule('R5', async (t) => {
  const yaml = await t.yaml('files/deploy.yml');
  must(yaml.at('jobs', 'test', 'steps', 0, 'run') === 'npm ci', 'a step', yaml.value);
  must(
    yaml.place('jobs', 'test', 'needs') === 'files/deploy.yml, line 3',
    'line 3',
    yaml.place('jobs', 'test', 'needs'),
  );
  must((await t.file('files/deploy.yml'))?.startsWith('on: [push]') === true, 'the text', null);
  must((await t.file('files/none.yml')) === null, 'no text', null);
});

rule('R8', async (t) => {
  const [finding, ...others] = await t.actionlint('files/deploy.yml');
  must(finding?.kind === 'syntax-check' && others.length === 0, 'one finding', [finding, ...others]);
  await t.actionlint('files/none.yml');
});

rule('R6', async (t) => {
  await t.yaml('files/broken.yml');
});

rule('R7', async (t) => {
  await t.yaml('files/none.yml');
});
