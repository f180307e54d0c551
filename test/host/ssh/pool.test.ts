import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectError, ConnectionLostError } from '../../../src/ssh/errors';
import { SshPool, type StateEvent } from '../../../src/ssh/pool';
import { Person, targetOf } from '../../support/sshPerson';
import { freePort, type Sshd, startSshd } from '../../support/sshd';

let sshd: Sshd;
before(async () => {
  sshd = await startSshd();
});
after(() => sshd?.stop());

let pool: SshPool;
let person: Person;
let events: StateEvent[];
function newPool(options = {}): void {
  pool?.dispose();
  person = new Person();
  pool = new SshPool(person, options);
  events = [];
  pool.onState(event => events.push(event));
}
beforeEach(() => newPool());
after(() => pool?.dispose());
const states = () => events.map(event => event.state);

describe('a pool', () => {
  it('makes one connection for many users at once', async () => {
    const remote = pool.remote('mail', targetOf(sshd));
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => remote.ask(`echo ${i} $PPID`)));
    assert.equal(new Set(answers.map(answer => answer.stdout.split(' ')[1])).size, 1);
    assert.deepEqual(states(), ['connecting', 'connected']);
    assert.equal(person.kinds().length, 1);
    assert.equal(remote.user, sshd.user);
    assert.equal(remote.peer.address, '127.0.0.1');
  });

  it('connects again at the next use after a loss', async () => {
    const remote = pool.remote('mail', targetOf(sshd));
    await assert.rejects(remote.exec('kill -9 $PPID; sleep 20'), ConnectionLostError);
    assert.equal(pool.state('mail').state, 'lost');
    assert.ok(pool.state('mail').error instanceof ConnectionLostError);
    assert.equal(pool.current('mail'), undefined);
    assert.equal((await remote.ask('echo back')).stdout, 'back\n');
    assert.deepEqual(states(), ['connecting', 'connected', 'lost', 'connecting', 'connected']);
    assert.equal(pool.state('mail').error, undefined);
  });

  it('tells a failure, and tries anew at the next use', async () => {
    const remote = pool.remote('mail', targetOf(sshd, { port: await freePort() }));
    for (let i = 0; i < 2; i++) await assert.rejects(remote.ask('true'), ConnectError);
    assert.deepEqual(states(), ['connecting', 'failed', 'connecting', 'failed']);
    assert.ok(events[1]!.error instanceof ConnectError);
  });

  it('goes on connecting for the others when one gives up', async () => {
    const abort = new AbortController();
    const remote = pool.remote('mail', targetOf(sshd));
    const impatient = assert.rejects(remote.connect(abort.signal), /enough/);
    const patient = remote.ask('echo fine');
    abort.abort(new Error('enough'));
    await impatient;
    assert.equal((await patient).stdout, 'fine\n');
    assert.deepEqual(states(), ['connecting', 'connected']);
  });

  it('stops connecting when all have given up, and begins anew for the next', async () => {
    const abort = new AbortController();
    const remote = pool.remote('mail', targetOf(sshd));
    const impatient = assert.rejects(remote.connect(abort.signal), /enough/);
    abort.abort(new Error('enough'));
    await impatient;
    assert.deepEqual(states(), ['connecting', 'disconnected']);
    assert.equal((await remote.ask('echo anew')).stdout, 'anew\n');
    await sleep(200);
    assert.deepEqual(states(), ['connecting', 'disconnected', 'connecting', 'connected']);
  });

  it('disconnects when told, also while connecting', async () => {
    const remote = pool.remote('mail', targetOf(sshd));
    await remote.connect();
    pool.disconnect('mail');
    assert.deepEqual(states(), ['connecting', 'connected', 'disconnected']);
    const pending = assert.rejects(remote.connect(), /Disconnected/);
    await sleep(1);
    pool.disconnect('mail');
    await pending;
    assert.equal(pool.state('mail').state, 'disconnected');
    assert.equal(pool.state('nobody').state, 'disconnected');
  });

  it('leaves the old way when the target of a server changes', async () => {
    const first = await pool.get('mail', targetOf(sshd));
    const second = await pool.get('mail', targetOf(sshd, { host: 'localhost' }));
    assert.notEqual(first, second);
    assert.equal(await first.ended, undefined);
    assert.equal(pool.current('mail'), second);
  });

  it('closes what nobody uses, but not what somebody does', async () => {
    newPool({ idleMs: 300 });
    const remote = pool.remote('mail', targetOf(sshd));
    assert.equal((await remote.exec('sleep 0.8; echo done')).stdout, 'done\n');
    assert.equal(pool.state('mail').state, 'connected');
    await sleep(800);
    assert.equal(pool.state('mail').state, 'disconnected');
    assert.equal((await remote.ask('echo again')).stdout, 'again\n');
  });

  it('a remote knows its server only after the first connection', () => {
    assert.throws(() => pool.remote('mail', targetOf(sshd)).peer, /Nothing has connected/);
  });
});
