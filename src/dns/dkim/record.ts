import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { TagList } from '../tagList';
import { parseTagList, tagValue } from '../tagList';

/** A DKIM key record as published (RFC 6376 §3.6.1). */
export interface DkimRecord {
  list: TagList;
  /** `v=`, which may be left out. */
  version?: string;
  /** `k=`; rsa when left out. */
  algorithm: string;
  /** `p=` without white space; '' means revoked, undefined means absent. */
  key?: string;
  /** `t=`, `s=` and `h=`, each split at colons, lower case. */
  flags: string[];
  services: string[];
  hashes: string[];
}

export function parseDkimRecord(text: string): DkimRecord {
  const list = parseTagList(text);
  const split = (name: string) =>
    (tagValue(list, name) ?? '')
      .split(':')
      .map(item => item.trim().toLowerCase())
      .filter(item => item !== '');
  const record: DkimRecord = {
    list,
    algorithm: (tagValue(list, 'k') ?? 'rsa').toLowerCase(),
    flags: split('t'),
    services: split('s'),
    hashes: split('h'),
  };
  const version = tagValue(list, 'v');
  const key = tagValue(list, 'p');
  if (version !== undefined) record.version = version;
  if (key !== undefined) record.key = key.replace(/\s/g, '');
  return record;
}

/** Whether a text is meant as a DKIM key: it names a version of DKIM, or a key. */
export function looksLikeDkim(text: string): boolean {
  return /(^|;)\s*(v\s*=\s*DKIM|p\s*=|k\s*=)/i.test(text);
}

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The key in canonical form, to compare two spellings of one: SubjectPublicKeyInfo DER in base64 for RSA (also when the record holds
 * a bare RSAPublicKey, as an erratum of RFC 6376 allows), 32 octets in base64 for Ed25519. Undefined when it is no key.
 */
export function canonicalKey(algorithm: string, key: string): { text: string; bits: number } | undefined {
  const text = key.replace(/\s/g, '');
  if (!base64.test(text)) return undefined;
  const octets = Buffer.from(text, 'base64');
  if (algorithm === 'ed25519') return octets.length === 32 ? { text: octets.toString('base64'), bits: 256 } : undefined;
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      const parsed = createPublicKey({ key: octets, format: 'der', type });
      if (parsed.asymmetricKeyType !== 'rsa') return undefined;
      return {
        text: parsed.export({ format: 'der', type: 'spki' }).toString('base64'),
        bits: parsed.asymmetricKeyDetails?.modulusLength ?? 0,
      };
    } catch {
      // Not this structure; the other one is tried next.
    }
  }
  return undefined;
}

/** Whether what `p=` holds is a private key, which somebody published by mistake. */
export function isPrivateKey(key: string): boolean {
  const octets = Buffer.from(key.replace(/-----[^-]*-----|\s/g, ''), 'base64');
  return (['pkcs8', 'pkcs1', 'sec1'] as const).some(type => {
    try {
      createPrivateKey({ key: octets, format: 'der', type });
      return true;
    } catch {
      return false;
    }
  });
}
