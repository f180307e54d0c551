// Each call of the window's driver, against VS Code itself and an extension that has one of each thing.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { outputFolder } from '../cache';
import { Workbench } from './workbench';

const fixture = join(import.meta.dirname, '..', 'fixture');

describe('the driver of the window', () => {
  let folder: string;
  let pictures: string;
  let workbench: Workbench;
  const output = (text: string) => workbench.outputChannel('Fixture').waitFor(text);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chasquid-smoke-'));
    pictures = outputFolder('smoke');
    await rm(pictures, { recursive: true, force: true });
    await writeFile(join(folder, 'a.fixture'), 'right\nthis is wrong\n');
    await writeFile(join(folder, 'b.json'), '{ "a": 1 }\n');
    const settings = { 'fixture.names': ['of the user'] };
    workbench = await Workbench.open({ folder, settings, extensions: [fixture], screenshots: pictures });
    await workbench.statusBar.waitFor('Fixture ready', 180_000);
  });

  after(async () => {
    await workbench?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('answers an input box, and sees what is wrong with the input', async () => {
    await workbench.runCommand('Fixture: Ask');
    const { quickInput } = workbench;
    await quickInput.shows('A Question');
    assert.equal(await quickInput.title(), 'A Question');
    assert.match(await quickInput.message(), /^Type a number\./);
    assert.equal(await quickInput.isPassword(), false);
    await quickInput.type('x');
    assert.equal(await quickInput.waitForValidation(/not a number/), '"x" is not a number.');
    await quickInput.answer('12');
    await output('asked: 12');
  });

  it('picks one row, then several', async () => {
    const { quickInput } = workbench;
    await workbench.runCommand('Fixture: Pick');
    await quickInput.shows('A Choice');
    const items = await quickInput.items();
    assert.deepEqual(
      items.map(({ label, description, detail }) => [label, description, detail]),
      [
        ['Apple', 'red', 'A fruit'],
        ['Pear', 'green', 'Another fruit'],
        ['Apple Pie', 'brown', 'A cake'],
      ],
    );
    await quickInput.pick('Apple Pie');
    await quickInput.shows('Some Choices');
    await quickInput.pick('Apple');
    await quickInput.pick('Pear');
    assert.deepEqual(
      (await quickInput.items()).map(item => item.checked),
      [true, true, false],
    );
    await quickInput.accept();
    const text = await output('picked several: ');
    assert.match(text, /picked: Apple Pie\n/);
    assert.match(text, /picked several: Apple, Pear/);
  });

  it('reads all rows of a long list', async () => {
    await workbench.runCommand('Preferences: Color Theme');
    const labels = (await workbench.quickInput.items()).map(item => item.label);
    await workbench.quickInput.cancel();
    await workbench.quickInput.closed();
    assert.ok(labels.length > 15, `only ${labels.length} themes`);
    assert.ok(labels.includes('Red') && labels.includes('Abyss'), labels.join(', '));
  });

  it('reads a modal dialog and presses its buttons', async () => {
    const { dialog } = workbench;
    assert.equal(await dialog.isOpen(), false);
    await workbench.runCommand('Fixture: Confirm');
    assert.equal(await dialog.message(), 'Do it?');
    assert.equal(await dialog.detail(), 'This is the detail.');
    assert.deepEqual((await dialog.buttons()).sort(), ['Cancel', 'Do It', 'Do Something Else']);
    await dialog.press('Do Something Else');
    await output('confirmed: Do Something Else');
  });

  it('reads a notification and presses its button', async () => {
    const { notifications } = workbench;
    await workbench.runCommand('Fixture: Notify');
    const { severity, source, buttons } = await notifications.waitFor('Something happened.');
    assert.deepEqual([severity, source, buttons], ['info', 'Driver Fixture', ['Look']]);
    await notifications.press('Something happened.', 'Look');
    await output('notified: Look');
    await workbench.runCommand('Fixture: Notify');
    await notifications.close(/happened/);
    await output('notified: undefined');
  });

  it('walks the rows of a tree, their tooltips, icons and menus', async () => {
    const { sidebar } = workbench;
    await sidebar.open('Fixture');
    assert.match(await sidebar.title(), /^Fixture/);
    await sidebar.row('Fruits').expand();
    const rows = await sidebar.waitForRows('the fruits', seen => seen.length === 4);
    assert.deepEqual(
      rows.map(({ label, description, level, expanded }) => [label, description, level, expanded]),
      [
        ['Fruits', '6 letters', 1, true],
        ['Apple', '5 letters', 2, undefined],
        ['Pear', '4 letters', 2, undefined],
        ['Empty', '5 letters', 1, undefined],
      ],
    );
    assert.equal(await sidebar.row('Fruits').tooltip(), 'All about Fruits');
    await sidebar.row('Fruits').collapse();
    const pear = sidebar.row('Fruits', 'Pear');
    assert.deepEqual(await pear.inlineActions(), ['Touch Row']);
    await pear.inlineAction('Touch Row');
    await output('touched: Pear');
    assert.deepEqual(await pear.contextMenuItems(), ['Describe Row']);
    await sidebar.row('Empty').contextMenu('Describe Row');
    await output('described: Empty');
    assert.equal(await sidebar.row('Fruits').icon(), 'folder');
  });

  it('works inside a webview', async () => {
    await workbench.runCommand('Fixture: Panel');
    const frame = await workbench.webview('Fixture Panel');
    assert.equal(await frame.locator('h1').innerText(), 'Hello');
    await frame.locator('button', { hasText: 'Press' }).click();
    await output('pressed: the button');
    await frame.locator('#copy').click();
    await workbench.clipboard.waitFor("the page's text", text => text === 'copied by the page');
  });

  it('shares the clipboard with the extension', async () => {
    await workbench.runCommand('Fixture: Copy');
    await workbench.clipboard.waitFor("the extension's text", text => text === 'copied by the extension');
    await workbench.clipboard.write('put there by the driver');
    assert.equal(await workbench.clipboard.read(), 'put there by the driver');
  });

  it('talks with a terminal of the extension and with a shell', async () => {
    const { terminal } = workbench;
    await workbench.runCommand('Fixture: Terminal');
    await terminal.waitFor(/Who are you\?/);
    await terminal.type('the driver');
    await terminal.press('Enter');
    assert.match(await terminal.waitFor(/Hello, .*!/), /Hello, the driver!/);
    await workbench.runCommand('Terminal: Create New Terminal');
    await terminal.type('echo $((6 * 7))0');
    await terminal.press('Enter');
    await terminal.waitFor(/^420$/m);
  });

  it('opens, reads, edits and saves files, and reads their problems', async () => {
    const { editor, problems } = workbench;
    await editor.open('a.fixture');
    assert.equal(await editor.text(), 'right\nthis is wrong\n');
    const found = await problems.waitFor('the problem', seen => seen.length === 1);
    assert.deepEqual(found, [
      { severity: 'error', message: 'Something is wrong here.', source: '', line: 2, column: 9, file: 'a.fixture' },
    ]);
    assert.match(await editor.hover('wrong'), /Something is wrong here\./);
    await editor.goTo(1, 6);
    await editor.type(' or wrong');
    await problems.waitFor('two problems', seen => seen.length === 2);
    assert.equal(await editor.isDirty(), true);
    await editor.save();
    assert.equal(await readFile(join(folder, 'a.fixture'), 'utf8'), 'right or wrong\nthis is wrong\n');
    await editor.open(join(folder, 'b.json'));
    await editor.shows('b.json');
    await editor.goTo(1, 10);
    await editor.press('Enter');
    assert.match(await editor.text(), /^\{ "a": 1\s*\n\s*\}\n$/);
  });

  it('gives the user settings of application scope to the extension', async () => {
    await workbench.runCommand('Fixture: Setting');
    await output('names: ["of the user"]');
  });

  it('keeps secrets, also when the window is loaded again', async () => {
    await workbench.runCommand('Fixture: Secret');
    await output('secret: undefined, then kept');
    await workbench.reload();
    await workbench.statusBar.waitFor('Fixture ready', 180_000);
    await workbench.runCommand('Fixture: Secret');
    await output('secret: kept, then kept');
  });

  it('clicks the status bar', async () => {
    await workbench.statusBar.click('Fixture ready');
    await output('clicked in the status bar');
    assert.ok((await workbench.statusBar.items()).includes('Fixture ready'));
  });

  it('writes numbered pictures', async () => {
    const one = await workbench.screenshot('One Thing');
    const two = await workbench.screenshot('another thing!');
    const number = Number(basename(one).slice(0, 2));
    assert.ok(number > 0);
    const next = String(number + 1).padStart(2, '0');
    assert.deepEqual([basename(one).slice(2), basename(two)], ['-one-thing.png', `${next}-another-thing.png`]);
    assert.equal((await readFile(two)).readUInt32BE(16), 1280);
  });

  it('says what it could not do, and leaves a picture of it', async () => {
    await workbench.runCommand('Fixture: Pick');
    const failure = await workbench.quickInput.pick('Plum', 2_000).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    await workbench.quickInput.cancel();
    assert.match(failure!.message, /^Could not pick "Plum"\. The rows are: Apple \| Pear \| Apple Pie\n/);
    assert.ok(existsSync(/The window then: (.+)$/.exec(failure!.message)![1]!));
  });
});
