import type { SeenAt } from '../records/record';
import type { RotationKey, RotationSnapshot, RotationState } from './rotationState';
import { publishedFindings } from './compare';
import { parseDkimRecord } from './record';
import { dkimValue } from './value';

/** How far a record has come, over all of the zone's servers. */
export interface Publication {
  /** Servers that have it as wished, that have none or another one, and that give no answer. */
  there: SeenAt[];
  absent: SeenAt[];
  other: SeenAt[];
  silent: SeenAt[];
}

/** Who of the zone's servers has the record of a key, as it should be. */
export function publication(key: RotationKey, domain: string, seen: readonly SeenAt[] = []): Publication {
  const name = `${key.selector}._domainkey.${domain}`;
  const right = (values: string[]) =>
    publishedFindings(values, key, name, dkimValue(key)).every(item => item.severity !== 'error');
  return sorted(seen, right);
}

/** Who of the zone's servers no longer has a usable record of a key: it is gone, or says that it was revoked. */
export function retirement(seen: readonly SeenAt[] = []): Publication {
  return sorted(seen, values => values.every(text => parseDkimRecord(text).key === ''));
}

function sorted(seen: readonly SeenAt[], right: (values: string[]) => boolean): Publication {
  const heard = seen.filter(item => item.failure === undefined);
  return {
    there: heard.filter(item => item.values.length > 0 && right(item.values)),
    absent: heard.filter(item => item.values.length === 0),
    other: heard.filter(item => item.values.length > 0 && !right(item.values)),
    silent: seen.filter(item => item.failure !== undefined),
  };
}

/** The new key with its public half, once it is known. */
export function nextKey({ next }: RotationState): RotationKey | undefined {
  return next.publicKey === undefined ? undefined : { ...next, publicKey: next.publicKey };
}

/** The state with what can be seen now written down. */
export function observe(state: RotationState, snapshot: RotationSnapshot): RotationState {
  const after: RotationState = { ...state };
  const made = [...snapshot.folder, ...snapshot.staged].find(
    key => key.selector.toLowerCase() === state.next.selector && key.algorithm === state.next.algorithm,
  );
  // A staged key that is gone takes its record with it: what was published belongs to no key any more.
  after.next = {
    selector: state.next.selector,
    algorithm: state.next.algorithm,
    ...(made && { publicKey: made.publicKey }),
  };
  if (made?.publicKey !== state.next.publicKey) delete after.publishedAt;

  const key = nextKey(after);
  const seen = snapshot.published[state.next.selector] ?? [];
  if (key && seen.length > 0) {
    const { there, absent, other, silent } = publication(key, state.domain, seen);
    const waits = [...absent, ...other].map(item => item.ttl ?? 0);
    if (waits.length > 0) after.absenceTtl = Math.max(state.absenceTtl ?? 0, ...waits);
    // Removed again, or replaced: it has to be published again.
    if (there.length === 0 && silent.length === 0) delete after.publishedAt;
    const asked = state.skipped.includes('servers') ? there.length > 0 : there.length === seen.length;
    if (asked && (silent.length === 0 || state.skipped.includes('servers'))) after.publishedAt ??= snapshot.now;
  }

  const oldTtls = state.old.flatMap(item => (snapshot.published[item.selector] ?? []).map(({ ttl }) => ttl ?? 0));
  if (oldTtls.length > 0) after.oldTtl = Math.max(state.oldTtl ?? 0, ...oldTtls);

  if (oldInFolder(state, snapshot).length > 0) {
    delete after.takingOut;
    delete after.takenOutAt;
  } else if (state.old.length > 0) {
    // Moved away without a word: whether the daemon was started since then is unknown, so it is to be started once more.
    after.takingOut ??= {
      at: snapshot.now,
      ...(snapshot.daemonSince !== undefined && { daemonSince: snapshot.daemonSince }),
    };
    const [then, now] = [after.takingOut.daemonSince, snapshot.daemonSince];
    if (then === undefined || now === undefined || then !== now) after.takenOutAt ??= snapshot.now;
  }
  return after;
}

/** The old keys with which chasquid signs, or will after its next start. */
export function oldInFolder(state: RotationState, snapshot: RotationSnapshot): RotationKey[] {
  return state.old.filter(key => snapshot.folder.some(item => item.selector === key.selector));
}
