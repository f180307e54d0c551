import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { takeOver } from '../../../../src/views/servers/changes';
import type { Row } from '../../../../src/views/servers/row';

function row(id: string, more: Partial<Row> = {}): Row {
  return { id, server: 'mail', label: id, icon: 'server', context: 'server', tooltip: '', children: [], ...more };
}

const labels = (rows: Row[] | 'all') => (rows === 'all' ? rows : rows.map(({ label }) => label));

describe('the rows of servers that are drawn again', () => {
  const domain = (senders: string, dns: string) =>
    row('domain', {
      children: [row('dns', { description: dns }), row('senders', { description: senders })],
    });
  const server = (description: string, ...children: Row[]) => row('mail', { description, children });

  it('are none when all look the same', () => {
    const shown = [server('healthy', domain('2', '9 of 9')), row('other')];
    const [mail] = shown;
    assert.deepEqual(takeOver(shown, [server('healthy', domain('2', '9 of 9')), row('other')]), []);
    assert.equal(shown[0], mail, 'the objects that VS Code knows stay');
  });

  it('are those alone whose own text has changed', () => {
    const shown = [server('healthy', domain('2', '9 of 9')), row('other')];
    const [mail] = shown;
    const dns = mail!.children[0]!.children[0]!;
    assert.deepEqual(takeOver(shown, [server('healthy', domain('2', '8 of 9')), row('other')]), [dns]);
    assert.equal(dns.description, '8 of 9');
    assert.equal(mail!.children[0]!.children[0], dns);
    assert.deepEqual(labels(takeOver(shown, [server('healthy', domain('3', '7 of 9')), row('other')])), [
      'dns',
      'senders',
    ]);
  });

  it('are the row above alone, when it and what is inside have changed', () => {
    const shown = [server('healthy', domain('2', '9 of 9')), row('other')];
    assert.deepEqual(labels(takeOver(shown, [server('1 to do', domain('2', '8 of 9')), row('other')])), ['mail']);
    assert.equal(shown[0]!.children[0]!.children[0]!.description, '8 of 9');
  });

  it('are the row inside of which others came or went', () => {
    const shown = [server('healthy', domain('2', '9 of 9'), row('queue'))];
    const [queue] = shown[0]!.children.slice(1);
    assert.deepEqual(labels(takeOver(shown, [server('healthy', row('queue'))])), ['mail']);
    assert.deepEqual(shown[0]!.children, [queue]);
    assert.equal(shown[0]!.children[0], queue);
  });

  it('are all when a server comes, goes, or gets what is inside of it for the first time', () => {
    const shown = [row('mail'), row('other')];
    assert.equal(takeOver(shown, [row('other'), row('mail')]), 'all');
    assert.deepEqual(labels(shown), ['other', 'mail']);
    assert.equal(takeOver(shown, [row('other'), server('healthy', row('queue'))]), 'all');
    assert.equal(takeOver(shown, [server('healthy', row('queue'))]), 'all');
    assert.deepEqual(labels(shown), ['mail']);
  });

  it('lose what a row no longer has', () => {
    const shown = [row('mail', { color: 'red', command: { id: 'chasquid.connect', title: 'Connect' } })];
    assert.deepEqual(labels(takeOver(shown, [row('mail')])), ['mail']);
    assert.deepEqual(shown, [row('mail')]);
  });
});
