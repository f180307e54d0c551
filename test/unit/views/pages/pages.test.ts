import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { QueueItem } from '../../../../src/chasquid/queue/item';
import { analysisPage } from '../../../../src/views/pages/analysis';
import { changesPage } from '../../../../src/views/pages/changes';
import { queuePage } from '../../../../src/views/pages/queue';
import { resolutionPage } from '../../../../src/views/pages/resolution';
import { tracePage } from '../../../../src/views/pages/trace';
import { assertInert } from '../../../support/markdown';

const hostile = '`` <img src=x> | [x](command:evil) https://evil.test\n# head';
const inert = (parts: string[]): void => assertInert(parts.join('\n\n'));

describe('the page of the queue', () => {
  const item: QueueItem = {
    id: 'AAAAAAAAAAA',
    from: 'i@example.test',
    to: ['you@far.test'],
    created: 60_000,
    recipients: [
      { address: 'you@far.test', type: 'email', status: 'pending', lastFailure: '451 later', via: [] },
      { address: 'cat', type: 'pipe', status: 'sent', originalAddress: 'pipe@example.test', via: [] },
    ],
  };
  it('says that nothing waits', () => {
    assert.match(queuePage('mail', { items: [], length: 0 }, 0).join('\n'), /Nothing waits/);
  });
  it('names sender, age, recipients and their last answer', () => {
    const text = queuePage('mail', { items: [item], length: 1 }, 15 * 60_000).join('\n');
    assert.match(text, /1 message waits/);
    assert.match(text, /From `i@example.test`, 14 min old/);
    assert.match(text, /\| `you@far.test` \| waiting \| 451 later \|/);
    assert.match(text, /\| command `cat` for `pipe@example.test` \| sent \|/);
  });
  it('names a failure notice, a damaged file, and that there are more', () => {
    const damaged = { ...item, from: '', recipients: [], created: 0 };
    const text = queuePage('mail', { items: [damaged], length: 2000 }, 0).join('\n');
    assert.match(text, /2000 messages wait.*first 1 of them/);
    assert.match(text, /a failure notice/);
    assert.match(text, /damaged/);
  });
  it('takes no markup from the server', () => {
    const evil = { ...item, id: hostile, from: hostile };
    evil.recipients = [{ ...item.recipients[0]!, address: hostile, lastFailure: hostile }];
    inert(queuePage(hostile, { items: [evil], length: 1 }, 0));
  });
});

describe('the page of a message', () => {
  const entry = { time: 0, text: hostile } as never;
  it('tells each recipient’s end and the log', () => {
    const text = tracePage('mail', {
      id: 'AAAAAAAAAAA',
      from: 'i@example.test',
      to: ['you@far.test'],
      queued: 0,
      recipients: [{ address: 'you@far.test', state: 'failed', attempts: 2, answer: '550 no' }],
      done: true,
      bounces: ['BBBBBBBBBBB'],
      entries: [{ time: 0, text: 'queued' } as never],
    }).join('\n\n');
    assert.match(text, /\| `you@far.test` \| ✗ given up \| 2 \| 550 no \|/);
    assert.match(text, /failure notice `BBBBBBBBBBB`/);
    assert.match(text, /```text\n1970-01-01T00:00:00.000Z {2}queued\n```/);
  });
  it('takes no markup from the log', () => {
    inert(
      tracePage(hostile, {
        id: hostile,
        to: [hostile],
        recipients: [],
        done: false,
        bounces: [hostile],
        entries: [entry],
      }),
    );
  });
});

describe('the page of an address', () => {
  const source = { source: '/etc/chasquid', version: '1.16.0', tree: 'a', refused: [] };
  const answer = { address: 'i@example.test', exists: true, recipients: [], hooked: false };
  const page = (more: object, from: object = {}) =>
    resolutionPage({ ...answer, ...more }, { ...source, ...from }).join('\n');
  it('says where the mail ends', () => {
    assert.match(page({ recipients: [{ type: 'email', address: 'i@example.test' }] }), /its own mailbox/);
    assert.match(page({ recipients: [{ type: 'pipe', address: 'cat' }] }), /the command `cat`/);
    assert.match(
      page({ exists: false, recipients: [{ type: 'email', address: 'i@example.test' }] }),
      /neither a sender/,
    );
    assert.match(page({}), /leads to nobody/);
  });
  it('names a circle, a hook and a file that chasquid refuses', () => {
    assert.match(page({ error: 'recursion limit exceeded' }), /form a loop/);
    assert.match(page({ hooked: true }), /hook `alias-resolve`/);
    assert.match(page({}, { refused: ['domains/x/aliases has an error.'] }), /uses no alias from that file/);
  });
  it('takes no markup from the files', () => {
    inert(
      resolutionPage(
        { ...answer, address: hostile, recipients: [{ type: 'email', address: hostile }], error: hostile },
        { source: hostile, version: hostile, tree: hostile, refused: [hostile] },
      ),
    );
  });
});

describe('the page of a message’s verdicts', () => {
  const pass = { result: 'pass' as const, reason: 'fine' };
  const analysis = {
    tls: pass,
    spf: pass,
    dkim: [{ ...pass, domain: 'example.test', selector: 's' }],
    dmarc: { ...pass, policy: 'none' },
    ip: { address: '2001:db8::1', family: 'IPv6' as const },
    findings: [],
  };
  it('trusts what passes, and says which part does not', () => {
    assert.match(analysisPage(analysis as never).join('\n'), /is trusted/);
    const text = analysisPage({ ...analysis, dmarc: { result: 'fail', reason: 'not aligned' } } as never).join('\n');
    assert.match(text, /a reason to doubt/);
    assert.match(text, /\| DMARC \| ✗ fail \| not aligned \|/);
    const unsent = { dmarc: { result: 'none', reason: 'a copy' }, ip: { address: null, family: null } };
    assert.match(analysisPage({ ...analysis, ...unsent } as never).join('\n'), /This copy cannot be checked/);
  });
  it('takes no markup from the message', () => {
    const finding = { code: 'x', severity: 'error' as const, message: hostile, why: hostile };
    inert(analysisPage({ ...analysis, spf: { result: 'fail', reason: hostile }, findings: [finding] } as never));
  });
});

describe('the page of changes', () => {
  it('tells what got worse, and when nothing did', () => {
    assert.match(changesPage([]).join('\n'), /Nothing has changed/);
    const change = {
      at: 0,
      type: 'TXT',
      name: 'example.test',
      before: 'ok',
      after: 'wrong',
      direction: 'worse',
    } as const;
    assert.match(changesPage([change]).join('\n'), /TXT `example.test` \| ▼ worse \| ok \| wrong \|/);
  });
});
