import type { DkimFacts } from '../records/facts';
import type { SeenAt } from '../records/record';
import { NameError, toAscii } from '../../input/domainName';

export type RotationKey = Pick<DkimFacts, 'selector' | 'algorithm' | 'publicKey'>;

/** A wait that the user may cut short. */
export type RotationWait = 'servers' | 'caches' | 'mail';

/**
 * A rotation under way: plain data, kept between sessions as JSON. It holds only what cannot be seen again on the server and in the
 * DNS, so that it goes on from any point. Times are milliseconds since the epoch.
 */
export interface RotationState {
  format: 1;
  /** In A-label form. */
  domain: string;
  startedAt: number;
  /** The key that comes; its public half is known once the key was made. */
  next: { selector: string; algorithm: DkimFacts['algorithm']; publicKey?: string };
  /** The keys that go. */
  old: RotationKey[];
  /** When every server of the zone first had the new record. */
  publishedAt?: number;
  /** Seconds for which a resolver that asked before may still say that there is no record. */
  absenceTtl?: number;
  /** When a message with a good signature of the new key was seen. */
  verifiedAt?: number;
  /** Set just before the old keys are moved away, or when they were first seen missing; with the start of the daemon that was running then. */
  takingOut?: { at: number; daemonSince?: number };
  /** When no daemon signed with the old keys any more. */
  takenOutAt?: number;
  /** Seconds for which resolvers keep the old records. */
  oldTtl?: number;
  skipped: RotationWait[];
}

/** What is to be seen now. */
export interface RotationSnapshot {
  /** Milliseconds since the epoch. */
  now: number;
  /** The keys in the domain's folder. chasquid signs with each, once it was started again. */
  folder: DkimFacts[];
  /** The keys that are kept aside, where chasquid does not look. */
  staged: RotationKey[];
  /** By selector: what each server of the zone answers. */
  published: Record<string, SeenAt[]>;
  /** When the running daemon started, in any unit: only compared. */
  daemonSince?: number;
  /** Messages that wait on the server; those signed by an old key among them. */
  queueLength?: number;
}

export interface RotationPlan {
  domain: string;
  /** The keys in the folder. */
  folder: DkimFacts[];
  /** Of the new key. */
  selector: string;
  algorithm: DkimFacts['algorithm'];
  /** Selectors of the keys to retire. Default: all of the folder that are of the new key's kind. */
  retire?: string[];
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * Begins a rotation. Nothing is changed anywhere yet.
 * @throws NameError for a selector that cannot be one, or that is in use: a selector never gets another key, since caches hold the old one.
 */
export function beginRotation({ domain, folder, selector, algorithm, retire, now }: RotationPlan): RotationState {
  const name = toAscii(selector);
  if (folder.some(key => key.selector.toLowerCase() === name))
    throw new NameError(
      `The domain already signs with the selector ${name}. Its record is in caches, which would give the old key for the new one. Choose another selector, such as today’s date.`,
    );
  const old = folder.filter(key => (retire ? retire.includes(key.selector) : key.algorithm === algorithm));
  return {
    format: 1,
    domain: toAscii(domain),
    startedAt: now,
    next: { selector: name, algorithm },
    old: old.map(key => ({ selector: key.selector, algorithm: key.algorithm, publicKey: key.publicKey })),
    skipped: [],
  };
}

export type RotationEvent =
  /** The old keys are about to be moved away: to be said before it is done, so that a restart can be told from none. */
  | { did: 'take-out'; at: number; daemonSince?: number }
  /** A message signed by the new key was received, and the signature is good. */
  | { did: 'verify'; at: number }
  /** The user does not want to wait. */
  | { did: 'skip'; wait: RotationWait };

/** The state after something happened that cannot be seen on the server. */
export function recordEvent(state: RotationState, event: RotationEvent): RotationState {
  switch (event.did) {
    case 'take-out':
      return {
        ...state,
        takingOut: { at: event.at, ...(event.daemonSince !== undefined && { daemonSince: event.daemonSince }) },
      };
    case 'verify':
      return { ...state, verifiedAt: event.at };
    case 'skip':
      return { ...state, skipped: [...new Set([...state.skipped, event.wait])] };
  }
}

/** Reads a kept state; undefined for anything else, such as one of a later format. */
export function parseRotation(value: unknown): RotationState | undefined {
  const state = value as Partial<RotationState> | null;
  if (typeof state !== 'object' || state?.format !== 1) return undefined;
  const { domain, startedAt, next, old, skipped } = state;
  const isKey = (key: Partial<RotationKey> | undefined) =>
    typeof key?.selector === 'string' && (key.algorithm === 'rsa' || key.algorithm === 'ed25519');
  const whole =
    typeof domain === 'string' &&
    typeof startedAt === 'number' &&
    isKey(next) &&
    Array.isArray(old) &&
    old.every(key => isKey(key) && typeof key.publicKey === 'string') &&
    Array.isArray(skipped);
  return whole ? (state as RotationState) : undefined;
}
