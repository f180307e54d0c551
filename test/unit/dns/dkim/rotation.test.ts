import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RotationView } from '../../../../src/dns/dkim/rotation';
import { nextStep, queueSeconds } from '../../../../src/dns/dkim/rotation';
import { lookAtRotation } from '../../../../src/dns/dkim/rotationLook';
import type { RotationSnapshot, RotationState } from '../../../../src/dns/dkim/rotationState';
import { beginRotation, parseRotation, recordEvent } from '../../../../src/dns/dkim/rotationState';
import { dkimValue, revokedValue } from '../../../../src/dns/dkim/value';
import type { DkimFacts } from '../../../../src/dns/records/facts';
import { openView } from '../../../../src/dns/check/view';
import { parseServer } from '../../../../src/dns/resolver/wire';
import type { TestDns } from '../../../support/dns';
import { startDns } from '../../../support/dns';
import { key, otherKey } from '../../../support/records';

const oldKey: DkimFacts = { selector: 's1', algorithm: 'rsa', publicKey: key, loaded: true };
const newKey: DkimFacts = { selector: 's2', algorithm: 'rsa', publicKey: otherKey, loaded: true };
const oldLine = `s1._domainkey.example.test TXT ${dkimValue(oldKey)}`;
const newLine = `s2._domainkey.example.test TXT ${dkimValue(newKey)}`;
const goneLine = `s1._domainkey.example.test TXT ${revokedValue(oldKey)}`;
const begun = () =>
  beginRotation({ domain: 'example.test', folder: [oldKey], selector: 's2', algorithm: 'rsa', now: 1_000_000 });

describe('the rotation of a DKIM key', () => {
  let first: TestDns;
  let second: TestDns;
  before(async () => {
    [first, second] = await Promise.all([startDns(oldLine), startDns(oldLine)]);
  });
  after(() => Promise.all([first.close(), second.close()]));

  const load = (zone: string, other = zone) => {
    first.load(zone);
    second.load(other);
  };
  /** Looks at the real servers, with the mail server's side as given. Every state goes through JSON, as a kept one does. */
  async function look(state: RotationState, change: Partial<RotationSnapshot> = {}): Promise<RotationView> {
    const kept = parseRotation(JSON.parse(JSON.stringify(state)))!;
    const facts = {
      domain: 'example.test',
      hostname: 'mail.example.test',
      ipv4: [],
      ipv6: [],
      dkim: [],
      receives: true,
    };
    const view = openView(facts, { servers: [first, second].map(dns => parseServer(dns.address)), timeoutMs: 200 });
    const published = await lookAtRotation(kept, view);
    return nextStep(kept, { now: 1_000_000, folder: [oldKey], staged: [], daemonSince: 1, ...change, published });
  }

  it('leads from the old key to the new one, step by step', async () => {
    const steps: string[] = [];
    let state = begun();
    const go = async (change: Partial<RotationSnapshot> = {}) => {
      const view = await look(state, change);
      state = view.state;
      steps.push(view.step.action);
      return view;
    };
    load(oldLine);
    await go();
    const staged = { staged: [newKey] };
    const { step } = await go(staged);
    assert.deepEqual(step.records, [{ name: 's2._domainkey.example.test', type: 'TXT', value: dkimValue(newKey) }]);

    load(`${oldLine}\n${newLine}`, oldLine);
    const half = await go(staged);
    assert.match(half.step.what, new RegExp(`: ${second.address} does not have it yet\\.$`));

    load(`${oldLine}\n${newLine}`);
    await go(staged);
    await go({ folder: [oldKey, { ...newKey, loaded: false }] });
    const both = { folder: [oldKey, newKey], daemonSince: 2 };
    await go(both);
    state = recordEvent(state, { did: 'verify', at: 1_000_000 });
    const caches = await go(both);
    // The test server lets its absences be remembered for 30 s.
    assert.equal(caches.step.until, 1_030_000);
    await go({ ...both, now: 1_030_000 });

    state = recordEvent(state, { did: 'take-out', at: 1_040_000, daemonSince: 2 });
    await go({ folder: [newKey], daemonSince: 2, now: 1_041_000 });
    const out = { folder: [newKey], daemonSince: 3, now: 1_042_000 };
    const mail = await go({ ...out, queueLength: 4 });
    assert.equal(mail.step.until, 1_042_000 + queueSeconds * 1000);
    const soon = await go({ ...out, queueLength: 0 });
    // An empty queue leaves only the time that the old record lives in caches.
    assert.equal(soon.step.until, 1_042_000 + 60_000);
    const late = { ...out, now: 1_102_000, queueLength: 0 };
    const revoke = await go(late);
    assert.deepEqual(revoke.step.records, [
      { name: 's1._domainkey.example.test', type: 'TXT', value: 'v=DKIM1; k=rsa; p=' },
    ]);

    load(`${goneLine}\n${newLine}`, `${oldLine}\n${newLine}`);
    await go(late);
    load(`${goneLine}\n${newLine}`);
    const end = await go(late);
    assert.equal(end.step.what, 'example.test signs with s2. s1 is revoked.');
    assert.ok(end.milestones.every(line => line.state === 'done'));
    assert.deepEqual(steps, [
      'stage',
      'publish',
      'wait-servers',
      'move-in',
      'restart',
      'verify',
      'wait-caches',
      'take-out',
      'restart',
      'wait-mail',
      'wait-mail',
      'revoke',
      'wait-servers',
      'done',
    ]);
  });

  it('tells the one place where it stands', async () => {
    load(oldLine);
    const { milestones } = await look(begun(), { staged: [newKey] });
    assert.deepEqual(
      milestones.map(line => line.state),
      ['done', 'now', 'later', 'later', 'later', 'later', 'later'],
    );
  });

  it('takes what was done by hand as it is', async () => {
    load(`${oldLine}\n${newLine}`);
    // The key was put straight into the folder, and the daemon started.
    const { step } = await look(begun(), { folder: [oldKey, newKey] });
    assert.equal(step.action, 'verify');
  });

  it('says that mail fails when the key signs before its record stands', async () => {
    load(oldLine);
    const { step } = await look(begun(), { folder: [oldKey, newKey] });
    assert.equal(step.action, 'publish');
    assert.match(step.why, /signatures fail until then/);
  });

  it('asks for another record when what stands there is not the key', async () => {
    load(`${oldLine}\ns2._domainkey.example.test TXT ${dkimValue(oldKey)}`);
    const { step } = await look(begun(), { staged: [newKey] });
    assert.deepEqual([step.action, step.what], ['publish', 'Correct the record at s2._domainkey.example.test.']);
  });

  it('begins again when the staged key is lost, with the record of the new one', async () => {
    load(`${oldLine}\n${newLine}`);
    const { state } = await look(begun(), { staged: [newKey] });
    const lost = await look(state);
    assert.equal(lost.step.action, 'stage');
    const another = { ...newKey, publicKey: key };
    const again = await look(lost.state, { staged: [another] });
    assert.equal(again.step.action, 'publish');
  });

  it('notices that the record was removed again', async () => {
    load(`${oldLine}\n${newLine}`);
    const { state, step } = await look(begun(), { staged: [newKey] });
    assert.equal(step.action, 'move-in');
    load(oldLine);
    assert.equal((await look(state, { staged: [newKey] })).step.action, 'publish');
  });

  it('waits for a silent server, unless told not to', async () => {
    load(`${oldLine}\n${newLine}`, `${oldLine}\ns2._domainkey.example.test DROP`);
    const { state, step } = await look(begun(), { staged: [newKey] });
    assert.deepEqual([step.action, step.wait], ['wait-servers', 'servers']);
    assert.match(step.what, new RegExp(`${second.address} did not answer`));
    assert.ok(step.risk);
    const hurried = await look(recordEvent(state, { did: 'skip', wait: 'servers' }), { staged: [newKey] });
    assert.equal(hurried.step.action, 'move-in');
  });

  it('does not wait for caches and mail when told so', async () => {
    load(oldLine);
    let { state } = await look(begun(), { staged: [newKey] });
    load(`${oldLine}\n${newLine}`);
    const both = { folder: [oldKey, newKey], daemonSince: 2 };
    ({ state } = await look(state, both));
    state = recordEvent(state, { did: 'verify', at: 1_000_000 });
    assert.equal((await look(state, both)).step.action, 'wait-caches');
    state = recordEvent(state, { did: 'skip', wait: 'caches' });
    assert.equal((await look(state, both)).step.action, 'take-out');
    state = recordEvent(state, { did: 'take-out', at: 1_000_000, daemonSince: 2 });
    const out = { folder: [newKey], daemonSince: 3 };
    assert.equal((await look(state, out)).step.action, 'wait-mail');
    state = recordEvent(state, { did: 'skip', wait: 'mail' });
    assert.equal((await look(state, out)).step.action, 'revoke');
  });

  it('asks for one more start when the old key was moved away by hand', async () => {
    load(`${oldLine}\n${newLine}`);
    const state = recordEvent(begun(), { did: 'verify', at: 1 });
    const first = await look(state, { folder: [newKey], daemonSince: 5 });
    assert.equal(first.step.action, 'restart');
    assert.equal((await look(first.state, { folder: [newKey], daemonSince: 6 })).step.action, 'wait-mail');
  });

  it('takes the old key out again when it came back', async () => {
    load(`${oldLine}\n${newLine}`);
    const state = recordEvent(begun(), { did: 'verify', at: 1 });
    const out = await look(recordEvent(state, { did: 'take-out', at: 1, daemonSince: 5 }), {
      folder: [newKey],
      daemonSince: 6,
    });
    assert.equal(out.step.action, 'wait-mail');
    assert.equal((await look(out.state, { folder: [oldKey, newKey], daemonSince: 7 })).step.action, 'take-out');
  });

  it('ends with the verified message when there was no key before', async () => {
    load(newLine);
    const state = beginRotation({ domain: 'example.test', folder: [], selector: 's2', algorithm: 'rsa', now: 0 });
    const { step, milestones } = await look(state, { folder: [newKey] });
    assert.equal(step.action, 'verify');
    assert.equal(milestones.length, 4);
    const end = await look(recordEvent(state, { did: 'verify', at: 1 }), { folder: [newKey] });
    assert.equal(end.step.what, 'example.test signs with s2.');
  });

  it('leaves keys of the other kind alone', () => {
    const ed = { selector: 'ed', algorithm: 'ed25519' as const, publicKey: Buffer.alloc(32, 1).toString('base64') };
    const state = beginRotation({
      domain: 'example.test',
      folder: [oldKey, ed],
      selector: 's2',
      algorithm: 'rsa',
      now: 0,
    });
    assert.deepEqual(
      state.old.map(item => item.selector),
      ['s1'],
    );
  });

  it('refuses a selector that is in use or cannot be one', () => {
    for (const selector of ['s1', 'S1', 'a b', ''])
      assert.throws(
        () => beginRotation({ domain: 'example.test', folder: [oldKey], selector, algorithm: 'rsa', now: 0 }),
        { name: 'NameError' },
      );
  });

  it('reads only what it wrote', () => {
    assert.deepEqual(parseRotation(JSON.parse(JSON.stringify(begun()))), begun());
    for (const value of [
      undefined,
      null,
      1,
      'x',
      {},
      { format: 2 },
      { ...begun(), old: [{}] },
      { ...begun(), next: 1 },
    ])
      assert.equal(parseRotation(value), undefined);
  });
});
