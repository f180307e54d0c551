import type { DkimFacts } from '../records/facts';

/** The record of a key (RFC 6376 §3.6.1), as one string. */
export function dkimValue({ algorithm, publicKey }: Pick<DkimFacts, 'algorithm' | 'publicKey'>): string {
  return `v=DKIM1; k=${algorithm}; p=${publicKey.replace(/\s/g, '')}`;
}

/** The record that says that a key was withdrawn. */
export function revokedValue({ algorithm }: Pick<DkimFacts, 'algorithm'>): string {
  return `v=DKIM1; k=${algorithm}; p=`;
}
