import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Terminal } from '@xterm/headless';
import { plain, SetupScreen } from '../../../../src/views/setup/screen';

/** What a real terminal emulator shows after it was written these texts. */
async function shown(columns: number, ...texts: string[]): Promise<string[]> {
  const terminal = new Terminal({ cols: columns, rows: 40, allowProposedApi: true });
  for (const text of texts) await new Promise<void>(done => terminal.write(text, done));
  const buffer = terminal.buffer.active;
  const lines = Array.from({ length: buffer.length }, (_, row) => buffer.getLine(row)?.translateToString(true) ?? '');
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

const step = { id: 'packages', title: 'chasquid' };

describe('SetupScreen', () => {
  it('rewrites the running step in place with its result', async () => {
    const screen = new SetupScreen(80);
    const lines = await shown(
      80,
      screen.begin('Set Up mail', '1 step'),
      screen.start(step, 'looking…'),
      screen.phase('installing…'),
      screen.output('Reading package lists...\nUnpacking chasquid\n'),
      screen.finish('applied', 'chasquid 1.15.0', 4200),
    );
    assert.deepEqual(lines.slice(0, 3), ['Set Up mail', '1 step', '']);
    assert.equal(lines.length, 4);
    assert.match(lines[3]!, /^ ✓ {2}chasquid +chasquid 1\.15\.0 +4\.2 s$/);
  });

  it('shows the last lines of a running command and keeps those of a failed one', async () => {
    const screen = new SetupScreen(80);
    const texts = [
      screen.start(step, 'installing…'),
      screen.output(Array.from({ length: 30 }, (_, i) => `line ${i}\n`).join('')),
    ];
    assert.equal((await shown(80, ...texts)).length, 9);
    texts.push(screen.finish('failed', 'no space left', 100, ['The disk is full.', 'r retry · s skip']));
    const lines = await shown(80, ...texts);
    assert.match(lines[0]!, /✗ {2}chasquid/);
    assert.match(lines.at(-3)!, /│ line 29/);
    assert.deepEqual(lines.slice(-2), ['   The disk is full.', '   r retry · s skip']);
  });

  it('keeps no more of a line than is shown, and of many lines the last', async () => {
    const screen = new SetupScreen(80);
    screen.start(step, 'x');
    const started = performance.now();
    for (let count = 0; count < 20_000; count++) screen.output('y'.repeat(1000));
    const lines = await shown(80, screen.output(`\n${'z\n'.repeat(1_000_000)}last\n`));
    assert.match(lines.at(-1)!, /│ last/);
    assert.equal(lines.filter(line => /│ z/.test(line)).length, 7);
    assert.ok(performance.now() - started < 5000);
  });

  it('shows of a line that is begun again what was written last', async () => {
    const screen = new SetupScreen(80);
    screen.start(step, 'x');
    for (let percent = 0; percent < 100; percent++) screen.output(`${'#'.repeat(percent)} ${percent} %\r`);
    assert.match((await shown(80, screen.output('done\r\n'))).at(-1)!, /│ done$/);
  });

  it('cuts to the width and draws again after a resize', async () => {
    const screen = new SetupScreen(120);
    screen.begin('Set Up mail', '');
    screen.start(step, 'x');
    screen.finish('done', 'a long text '.repeat(20), 1);
    const lines = await shown(60, screen.resize(60));
    assert.equal(lines.length, 3);
    assert.ok(lines.every(line => line.length <= 60));
    assert.match(lines[2]!, /…/);
  });

  it('keeps a notice above the running step', async () => {
    const screen = new SetupScreen(80);
    const lines = await shown(
      80,
      screen.start(step, 'installing…'),
      screen.notice('The connection was lost.', 'warning'),
    );
    assert.equal(lines[0], 'The connection was lost.');
    assert.match(lines[1]!, /● {2}chasquid/);
  });

  it('wraps what a user is to read, also after a resize', async () => {
    const screen = new SetupScreen(80);
    const cause = 'The disk is full, so that nothing can be installed before some of it is free again.';
    const first = screen.start(step, 'installing…') + screen.finish('failed', 'not done', 1, [cause]);
    for (const [columns, text] of [
      [80, first],
      [40, screen.resize(40)],
    ] as const) {
      const lines = (await shown(columns, text)).slice(1);
      assert.equal(lines.map(line => line.trim()).join(' '), cause);
      assert.ok(lines.every(line => line.startsWith('   ') && line.length <= columns));
    }
  });

  it('asks below everything else with the cursor behind the question, and keeps the question when it is answered', async () => {
    const screen = new SetupScreen(80);
    const asked = [screen.start(step, 'looking…'), screen.ask('Password of operator:'), screen.notice('Wrong.')];
    assert.deepEqual(await shown(80, ...asked), [
      'Wrong.',
      ' ●  chasquid                 looking…',
      'Password of operator: ',
    ]);
    assert.ok(asked[1]!.endsWith('\u001b[?25h') && asked[2]!.endsWith('\u001b[?25h'));
    const answered = screen.answered('(entered)');
    assert.deepEqual(await shown(80, ...asked, answered), [
      'Wrong.',
      'Password of operator: (entered)',
      ' ●  chasquid                 looking…',
    ]);
    assert.ok(!answered.includes('\u001b[?25h') && answered.includes('\u001b[?25l'));
    const again = [screen.ask('r retry · q stop:'), screen.resize(20)];
    assert.equal((await shown(20, ...again)).at(-1)?.trimEnd(), 'r retry · q stop:');
  });

  it('leaves nothing running when it is stopped', async () => {
    const screen = new SetupScreen(80);
    const texts = [screen.start(step, 'x'), screen.output('Unpacking\n'), screen.finish('stopped', 'stopped')];
    assert.deepEqual(await shown(80, ...texts), [' ■  chasquid                 stopped', '   │ Unpacking']);
  });

  it('takes all power from what a server writes', async () => {
    const hostile = '\u001b[2J\u001b]0;title\u0007\u001b[31mred\u001b[1A\u009b2J\u0007done';
    assert.equal(plain(hostile), 'red2Jdone');
    const screen = new SetupScreen(80);
    const lines = await shown(80, screen.begin('Kept', ''), screen.start(step, 'x'), screen.output(`${hostile}\n`));
    assert.equal(lines[0], 'Kept');
    assert.match(lines.at(-1)!, /│ red2Jdone/);
  });
});
