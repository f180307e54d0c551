import { createPublicKey } from 'node:crypto';
import { bytesOf, find, listOf, nameOf, type AnswerLine } from './answer';
import type { DkimKeyFacts, DomainFacts } from './facts';
import { parseUsers } from './usersFile';

/** What the facts script brought, and where to write what could not be understood. */
export interface AnswerParts {
  lines: AnswerLine[];
  /** By path relative to the configuration folder. */
  files: Map<string, Buffer>;
  /** Paths which the daemon's user cannot read; undefined when that is not known. */
  unreadable: Set<string> | undefined;
  problems: string[];
}

/** Every folder below domains/ (chasquid takes each as a domain), sorted. */
export function readDomains(parts: AnswerParts): DomainFacts[] {
  return listOf(find(parts.lines, 'domains'))
    .map(path => path.slice(path.lastIndexOf('/') + 1))
    .sort()
    .map(name => ({ name, senders: senders(parts, name), ...aliases(parts, name), dkim: dkimKeys(parts, name) }));
}

function senders({ files, problems }: AnswerParts, domain: string): string[] {
  const path = `domains/${domain}/users`;
  try {
    const names = parseUsers(files.get(path) ?? Buffer.alloc(0)).map(user => user.name);
    return [...new Set(names)].sort();
  } catch (error) {
    problems.push(
      `${path} cannot be understood (${(error as Error).message}), so no sender of ${domain} can log in. Mend that line.`,
    );
    return [];
  }
}

function aliases({ files }: AnswerParts, domain: string): Pick<DomainFacts, 'aliasCount' | 'catchAll'> {
  const text = files.get(`domains/${domain}/aliases`)?.toString('utf8') ?? '';
  const entries = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, left, right] = /^\s*([^#:\s][^:]*?)\s*:\s*(\S.*?)\s*$/.exec(line) ?? [];
    if (left && right) entries.set(left.toLowerCase(), right);
  }
  const catchAll = entries.get('*');
  return { aliasCount: entries.size - (catchAll ? 1 : 0), ...(catchAll && { catchAll }) };
}

function dkimKeys({ lines, files, unreadable, problems }: AnswerParts, domain: string): DkimKeyFacts[] {
  return lines
    .filter(line => line.kind === 'key')
    .flatMap(line => {
      const file = nameOf(line);
      const selector = selectorOf(file, domain, files);
      if (selector === undefined) return [];
      const key = bytesOf(line).length ? publicKey(bytesOf(line)) : undefined;
      if (!key) {
        problems.push(
          `${file} holds no RSA or Ed25519 private key that can be read, so it cannot sign mail of ${domain}.`,
        );
        return [];
      }
      return [{ selector, file, ...key, ...(unreadable && { readable: !unreadable.has(file) }) }];
    });
}

/** `dkim:SELECTOR.pem` in the domain's folder (chasquid ≥ 1.14), or the hook's key with its selector beside the domain (before). */
function selectorOf(file: string, domain: string, files: Map<string, Buffer>): string | undefined {
  const prefix = `domains/${domain}/dkim:`;
  if (file.startsWith(prefix)) return file.slice(prefix.length, -'.pem'.length);
  if (file !== `certs/${domain}/dkim_privkey.pem`) return undefined;
  return files.get(`domains/${domain}/dkim_selector`)?.toString('utf8').trim() || undefined;
}

/** What `p=` carries for a SubjectPublicKeyInfo in DER. */
export function publicKey(der: Buffer): Pick<DkimKeyFacts, 'algorithm' | 'publicKey' | 'bits'> | undefined {
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    if (key.asymmetricKeyType === 'rsa') {
      const bits = key.asymmetricKeyDetails?.modulusLength;
      return { algorithm: 'rsa', publicKey: der.toString('base64'), ...(bits && { bits }) };
    }
    // RFC 8410 §4: the 32 bytes of the key are the end of the structure.
    if (key.asymmetricKeyType === 'ed25519')
      return { algorithm: 'ed25519', publicKey: der.subarray(-32).toString('base64') };
  } catch {
    return undefined;
  }
  return undefined;
}
