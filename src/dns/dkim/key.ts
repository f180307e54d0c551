import { createPublicKey } from 'node:crypto';
import type { DkimFacts } from '../records/facts';

/**
 * The public half of a key file, as `p=` carries it.
 * @param pem A private or public key in PEM (PKCS #1, PKCS #8 or SubjectPublicKeyInfo).
 * @throws Error, in words for the user, when it is no RSA or Ed25519 key. The text of the file is never part of it.
 */
export function publicKeyOf(pem: string): Pick<DkimFacts, 'algorithm' | 'publicKey'> {
  let key;
  try {
    key = createPublicKey(pem);
  } catch {
    throw new Error(
      'It contains no key that can be read. DKIM needs an RSA or Ed25519 key in PEM, without a passphrase. Give the file that chasquid signs with.',
    );
  }
  const der = key.export({ format: 'der', type: 'spki' });
  if (key.asymmetricKeyType === 'rsa') return { algorithm: 'rsa', publicKey: der.toString('base64') };
  // The last 32 octets of the structure are the key itself (RFC 8410 §4).
  if (key.asymmetricKeyType === 'ed25519')
    return { algorithm: 'ed25519', publicKey: der.subarray(-32).toString('base64') };
  throw new Error(
    `It holds a ${key.asymmetricKeyType ?? 'different'} key. DKIM supports only RSA and Ed25519. Give the file that chasquid signs with.`,
  );
}
