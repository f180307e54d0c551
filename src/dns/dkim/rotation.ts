import type { SeenAt } from '../records/record';
import type { RotationKey, RotationSnapshot, RotationState, RotationWait } from './rotationState';
import type { Publication } from './rotationSeen';
import { nextKey, observe, oldInFolder, publication, retirement } from './rotationSeen';
import { list } from '../words';
import { timeLeft } from '../../text/duration';
import { dkimValue, revokedValue } from './value';

export type RotationAction =
  /** Make the new key aside. */
  | 'stage'
  /** Publish `records`. */
  | 'publish'
  /** Wait until every server of the zone has the new record. */
  | 'wait-servers'
  /** Move the new key into the domain's folder, and restart chasquid. */
  | 'move-in'
  /** Start chasquid again: it does not know yet what is in the folder. */
  | 'restart'
  /** Send a message and look at its signature. */
  | 'verify'
  /** Wait until no resolver remembers that there was no record. */
  | 'wait-caches'
  /** Move the old keys out of the folder, and restart chasquid. */
  | 'take-out'
  /** Wait until mail signed with the old keys has been delivered. */
  | 'wait-mail'
  /** Publish `records`, which revoke the old keys. */
  | 'revoke'
  | 'done';

export interface RotationRecord {
  name: string;
  type: 'TXT';
  value: string;
}

export interface RotationStep {
  action: RotationAction;
  /** What is to be done or waited for, in one sentence. */
  what: string;
  /** Why, and what would happen otherwise. */
  why: string;
  /** Of `publish` and `revoke`. */
  records?: RotationRecord[];
  /** Of a wait that ends by itself: when, in milliseconds since the epoch. */
  until?: number;
  /** Of a wait: how `recordEvent` calls it, and what may happen to those who do not wait. */
  wait?: RotationWait;
  risk?: string;
  /** The answers on which this rests, server by server. */
  seen?: SeenAt[];
}

/** A line of the way from the old key to the new one. */
export interface RotationMilestone {
  title: string;
  state: 'done' | 'now' | 'later';
}

export interface RotationView {
  /** To be kept instead of the state that was given. */
  state: RotationState;
  step: RotationStep;
  milestones: RotationMilestone[];
}

/** chasquid's `give_up_send_after` when it is not set (20 h; internal/queue, 0.01–1.18): a message waits no longer. */
export const queueSeconds = 72_000;

/**
 * The next step of a rotation, from what is to be seen now. Whatever was done by hand, or left half done, is taken as it is found.
 * chasquid signs with every key in the folder, so that both keys sign for a while and mail stays signed throughout.
 */
export function nextStep(before: RotationState, snapshot: RotationSnapshot): RotationView {
  const state = observe(before, snapshot);
  const step = decide(state, snapshot);
  return { state, step, milestones: milestones(state, snapshot, step) };
}

function decide(state: RotationState, snapshot: RotationSnapshot): RotationStep {
  return bringIn(state, snapshot) ?? retire(state, snapshot) ?? done(state);
}

/** Everything until the new key signs and was seen to do so. */
function bringIn(state: RotationState, snapshot: RotationSnapshot): RotationStep | undefined {
  const { domain, next } = state;
  const key = nextKey(state);
  if (!key)
    return {
      action: 'stage',
      what: `Make the new key ${next.selector} (${next.algorithm}) in a separate folder, which chasquid does not read.`,
      why: 'chasquid signs with every key in the folder. A key there whose record is not published makes signatures that nobody can verify.',
    };
  const inFolder = snapshot.folder.find(item => item.selector === key.selector);
  if (state.publishedAt === undefined) return publishing(state, key, snapshot, inFolder !== undefined);
  if (!inFolder)
    return {
      action: 'move-in',
      what: `Move the key ${key.selector} into the folder of ${domain} and restart chasquid.`,
      why: 'Its record is published. From then on chasquid signs with the old key and with the new one, so that no mail is lost.',
    };
  if (inFolder.loaded === false)
    return {
      action: 'restart',
      what: 'Restart chasquid.',
      why: `It reads keys only when it starts, so it does not sign with ${key.selector} yet.`,
    };
  if (state.verifiedAt === undefined)
    return {
      action: 'verify',
      what: `Send a message from ${domain} and check that its signature by ${key.selector} is valid.`,
      why: 'Only a received message shows that the key on the server and the record in the DNS match. Until then the old key stays.',
    };
  return undefined;
}

function publishing(
  state: RotationState,
  key: RotationKey,
  snapshot: RotationSnapshot,
  inFolder: boolean,
): RotationStep {
  const seen = snapshot.published[key.selector] ?? [];
  const found = publication(key, state.domain, seen);
  const record = recordOf(state.domain, key, dkimValue(key));
  const urgent = inFolder ? ' chasquid signs with this key already, so these signatures fail until then.' : '';
  if (found.there.length === 0)
    return {
      action: 'publish',
      what: found.other.length > 0 ? `Correct the record at ${record.name}.` : `Publish the record at ${record.name}.`,
      why: `Receivers look up the new key there.${found.other.length > 0 ? ' The record that is there now is not for this key.' : ''}${urgent}`,
      records: [record],
      seen,
    };
  return waitForServers(found, seen, 'the new record', urgent);
}

function waitForServers(found: Publication, seen: SeenAt[], what: string, urgent = ''): RotationStep {
  const missing = [...found.absent, ...found.other];
  const parts = [
    missing.length > 0 ? `${servers(missing)} ${missing.length === 1 ? 'does' : 'do'} not have it yet` : '',
    found.silent.length > 0 ? `${servers(found.silent)} did not answer` : '',
  ].filter(Boolean);
  return {
    action: 'wait-servers',
    what: `Wait until every server of the zone has ${what}: ${parts.join(', ')}.`,
    why: `A receiver asks any of them.${urgent}`,
    wait: 'servers',
    risk: 'Receivers that ask one of the others find no key, and treat the signature as broken.',
    seen,
  };
}

/** Everything until the old keys are gone. */
function retire(state: RotationState, snapshot: RotationSnapshot): RotationStep | undefined {
  const { old, skipped, oldTtl = 0, absenceTtl = 0 } = state;
  if (old.length === 0) return undefined;
  const names = list(old.map(key => key.selector));
  const fresh = state.publishedAt! + absenceTtl * 1000;
  const inFolder = oldInFolder(state, snapshot);
  if (inFolder.length > 0 && snapshot.now < fresh && !skipped.includes('caches'))
    return {
      action: 'wait-caches',
      what: `Wait ${timeLeft(fresh - snapshot.now)} until no resolver still caches that there was no record for ${state.next.selector}.`,
      why: 'A receiver whose resolver asked too early does not find the new key yet. The signature of the old key is still valid there.',
      until: fresh,
      wait: 'caches',
      risk: 'For these receivers mail counts as unsigned until then.',
    };
  if (inFolder.length > 0)
    return {
      action: 'take-out',
      what: `Move ${list(inFolder.map(key => key.selector))} out of the folder and restart chasquid.`,
      why: 'The new key signs and is known everywhere, so the old one is no longer needed. Its record stays for the mail that is in transit.',
    };
  if (state.takenOutAt === undefined)
    return {
      action: 'restart',
      what: 'Restart chasquid.',
      why: `It read its keys before ${names} left the folder, so it may still sign with ${old.length === 1 ? 'it' : 'them'}.`,
    };
  const empty = snapshot.queueLength === 0;
  const over = state.takenOutAt + Math.max(oldTtl, empty ? 0 : queueSeconds) * 1000;
  const revoked = old.map(key => ({ key, found: retirement(snapshot.published[key.selector]) }));
  if (snapshot.now < over && !skipped.includes('mail'))
    return {
      action: 'wait-mail',
      what: `Leave the old record as it is for ${timeLeft(over - snapshot.now)}.`,
      why: empty
        ? 'Receivers may still be checking mail that was delivered a moment ago.'
        : 'Mail signed with the old key may still wait in the queue, at most 20 hours. The wait ends sooner if the queue is found empty.',
      until: over,
      wait: 'mail',
      risk: 'Mail that was signed with the old key and is not delivered yet then has a broken signature.',
    };
  return revocation(state, revoked);
}

function revocation(
  state: RotationState,
  revoked: { key: RotationKey; found: Publication }[],
): RotationStep | undefined {
  const open = revoked.filter(({ found }) => found.other.length > 0);
  const seen = revoked.flatMap(({ found }) => [...found.there, ...found.absent, ...found.other, ...found.silent]);
  const began = open.filter(({ found }) => found.there.length + found.absent.length > 0);
  if (open.length > 0 && began.length < open.length)
    return {
      action: 'revoke',
      what: `Replace the old record with one that says that the key was revoked.`,
      why: 'Anyone who obtains the old key could sign in your name as long as its record exists.',
      records: open.map(({ key }) => recordOf(state.domain, key, revokedValue(key))),
      seen,
    };
  if (state.skipped.includes('servers')) return undefined;
  const waiting = revoked.find(({ found }) => found.other.length + found.silent.length > 0);
  if (!waiting) return undefined;
  const { found } = waiting;
  return {
    ...waitForServers({ ...found, absent: [] }, seen, 'the revocation'),
    why: 'Until then receivers that ask one of the others accept the old key.',
    risk: 'None for your mail: nothing is signed with the old key any more.',
  };
}

function done({ domain, next, old }: RotationState): RotationStep {
  const gone =
    old.length > 0 ? ` ${list(old.map(key => key.selector))} ${old.length === 1 ? 'is' : 'are'} revoked.` : '';
  return {
    action: 'done',
    what: `${domain} signs with ${next.selector}.${gone}`,
    why: old.length > 0 ? 'You can remove the old record at any time. Never use its selector again.' : '',
  };
}

function recordOf(domain: string, { selector }: RotationKey, value: string): RotationRecord {
  return { name: `${selector}._domainkey.${domain}`, type: 'TXT', value };
}

const way: [string, RotationAction[]][] = [
  ['New key created', ['stage']],
  ['Its record published on every server', ['publish', 'wait-servers']],
  ['chasquid signs with it as well', ['move-in', 'restart']],
  ['A received message verified', ['verify']],
  ['Old key no longer used', ['wait-caches', 'take-out']],
  ['Mail in transit delivered', ['wait-mail']],
  ['Old key revoked', ['revoke']],
];

function milestones(state: RotationState, snapshot: RotationSnapshot, { action }: RotationStep): RotationMilestone[] {
  const lines = state.old.length > 0 ? way : way.slice(0, 4);
  const at = place(state, snapshot, action);
  return lines.map(([title], line) => ({ title, state: line < at ? 'done' : line === at ? 'now' : 'later' }));
}

/** Where on the way an action stands; two of them come twice. */
function place(state: RotationState, snapshot: RotationSnapshot, action: RotationAction): number {
  if (action === 'done') return way.length;
  const old =
    state.verifiedAt !== undefined && state.publishedAt !== undefined && oldInFolder(state, snapshot).length === 0;
  if (action === 'restart') return old ? 4 : 2;
  if (action === 'wait-servers') return old ? 6 : 1;
  return way.findIndex(([, actions]) => actions.includes(action));
}

function servers(seen: readonly SeenAt[]): string {
  return list(seen.map(item => item.server));
}
