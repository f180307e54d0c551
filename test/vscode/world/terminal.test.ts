// Open SSH Terminal: a shell on the server in a tab of VS Code, over the extension's own connection.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Host } from '../../sandbox/host';
import { passwords } from '../../sandbox/passwords';
import type { Workbench } from '../window/workbench';
import { keyEntry, Stage } from './stage';

describe('a terminal on a server', () => {
  let stage: Stage;
  let window: Workbench;
  let host: Host;

  before(async () => {
    stage = await Stage.open({
      name: 'terminal',
      hosts: [{ name: 'mail', passwordLogin: true }],
      prepare: one => one.sh(`printf "PS1='ready> '\\n" | tee /root/.bashrc /home/operator/.bashrc`),
      knowsHosts: true,
      servers: world => [
        keyEntry(world.host('mail')),
        { name: 'guarded', host: world.host('mail').ipv4, user: 'operator' },
      ],
    });
    ({ window } = stage);
    host = stage.world.host('mail');
    await window.sidebar.open('Chasquid');
  });
  after(() => stage?.close());

  const open = async (server: string): Promise<void> => {
    await window.sidebar.row(server).inlineAction('Open SSH Terminal');
    await window.terminal.waitFor(/ready>$/);
  };
  const run = async (command: string): Promise<void> => {
    await window.terminal.type(command);
    await window.terminal.press('Enter');
  };
  const processes = async (name: string): Promise<string> => (await host.exec(`pgrep -f ${name}`)).stdout;

  it('runs commands there, and keeps its name whatever they say', async () => {
    const { sidebar, terminal } = window;
    await sidebar.row('mail').click();
    await sidebar.row('mail').waitFor('the connection', row => row.description !== 'not connected');
    await open('mail');
    await run('hostname; whoami; tty');
    await terminal.waitFor(/^mail\nroot\n\/dev\/pts\/\d+\nready>$/m);
    await run(String.raw`printf '\033]0;another name\007'; echo "ka: გამარჯობა"`);
    await terminal.waitFor(/^ka: გამარჯობა\nready>$/m);
    assert.match(await terminal.name(), /^ssh · mail/);
    await window.screenshot('commands');
  });

  it('has the size of its panel, and interrupts with Ctrl+C', async () => {
    const { terminal } = window;
    const size = async (): Promise<number> => {
      await run('clear; stty size');
      return Number(/^(\d+) \d+$/m.exec(await terminal.waitFor(/^\d+ \d+\nready>$/m))![1]);
    };
    const before = await size();
    await window.runCommand('View: Toggle Maximized Panel');
    await window.until('more lines', size, rows => rows > before);
    await window.runCommand('View: Toggle Maximized Panel');
    await window.until('as many lines as before', size, rows => rows === before);
    await run('clear; sleep 1000');
    await window.until(
      'the program',
      () => processes('[s]leep.1000'),
      seen => seen !== '',
    );
    await terminal.press('Control+C');
    await terminal.waitFor(/\^C\nready>$/);
  });

  it('shows 10 MB to the last line', async t => {
    const started = performance.now();
    await run(`clear; seq -f '%099.0f' 100000; echo "the end"`);
    await window.terminal.waitFor(/^the end\nready>$/m);
    t.diagnostic(`10 MB in the window: ${Math.round(performance.now() - started)} ms`);
    assert.match(await window.terminal.text(), /^0+99999\n0+100000\nthe end\nready>$/m);
  });

  it('ends with its shell, and tells a status that is not 0', async () => {
    await run('exit 3');
    await window.notifications.waitFor(/terminated with exit code: 3/);
    await window.screenshot('exit status');
    await window.notifications.close(/terminated with exit code: 3/);
  });

  it('says that the connection was lost, and connects again by Enter', async () => {
    const { terminal } = window;
    await open('mail');
    // A program on the second screen, with the mouse and without a cursor.
    await run(String.raw`printf '\033[?1049h\033[?1000h\033[?25lfull screen'; sleep 1000`);
    await terminal.waitFor(/full screen$/);
    assert.ok((await host.dropConnections()) > 0);
    const left = await terminal.waitFor(/^The connection to mail was lost\. Press Enter to connect again\.$/m);
    assert.match(left, /^ready> printf/m);
    await window.screenshot('lost');
    await terminal.press('Enter');
    await terminal.waitFor(/ready>$/);
    await run('echo here again');
    await terminal.waitFor(/^here again\nready>$/m);
  });

  it('ends its programs when its tab is closed', async () => {
    await run('sleep 1001');
    await window.until(
      'the program',
      () => processes('[s]leep.1001'),
      seen => seen !== '',
    );
    await window.runCommand('Terminal: Kill the Active Terminal Instance');
    await window.until(
      'its end',
      () => processes('[s]leep.1001'),
      seen => seen === '',
    );
  });

  it('asks for a password once, for all terminals of the server', async () => {
    const { quickInput, terminal } = window;
    await window.sidebar.row('guarded').contextMenu('Open SSH Terminal');
    await quickInput.shows(/assword of operator/);
    await window.screenshot('asks for the password');
    await quickInput.answer(passwords.operator);
    await terminal.waitFor(/ready>$/);
    await run('whoami; tty');
    const first = /^(\/dev\/pts\/\d+)$/m.exec(await terminal.waitFor(/^operator\n\/dev\/pts\/\d+\nready>$/m))![1];
    await window.sidebar.row('guarded').contextMenu('Open SSH Terminal');
    await window.until(
      'another terminal',
      () => terminal.text(),
      seen => !seen.includes('whoami'),
    );
    await terminal.waitFor(/ready>$/);
    await run('tty');
    const second = /^(\/dev\/pts\/\d+)$/m.exec(await terminal.waitFor(/^\/dev\/pts\/\d+\nready>$/m))![1];
    assert.notEqual(first, second);
    await window.screenshot('two terminals');
    await window.sidebar.row('guarded').contextMenu('Disconnect');
    await terminal.waitFor(/^guarded is not connected\. Press Enter to connect again\.$/m);
  });
});
