import { createPublicKey } from 'node:crypto';
import type { Separators } from '../../chasquid/aliases/clean';
import { AliasFile } from '../../chasquid/aliases/file';
import { effectiveConfig } from '../../chasquid/config/effective';
import type { ConfigFile } from '../../chasquid/config/parse';
import { decodeText, trimSpace } from '../../chasquid/text';
import { aliasContext, separatorsOf } from '../../chasquid/aliases/context';
import { isDnsName } from '../../input/domainName';
import { firstWith, isAtLeast, versionNumber } from '../../chasquid/versions';
import { runSliced } from '../../input/slices';
import { quotable } from '../../text/visible';
import { bytesOf, find, folderNames, nameOf, textOf, type AnswerLine } from '../protocol/answer';
import type { DkimKeyFacts, DomainFacts } from './facts';
import { parsingUsers, userNames, usersError } from '../../chasquid/users/parse';

/** What the facts script brought, and where to write what could not be understood. */
export interface AnswerParts {
  lines: AnswerLine[];
  /** By path relative to the configuration folder. */
  files: Map<string, Buffer>;
  /** Paths which the daemon's user cannot read; undefined when that is unknown. */
  unreadable: Set<string> | undefined;
  problems: string[];
  conf: ConfigFile;
  /** Seconds since the epoch at which the running daemon started. */
  runningSince: number | undefined;
}

/** Every folder below domains/ (chasquid takes each as a domain), sorted. */
export async function readDomains(parts: AnswerParts): Promise<DomainFacts[]> {
  return runSliced(readingDomains(parts, folderNames(find(parts.lines, 'domains'))));
}

/** Can be left off after every few lines of a file. */
function* readingDomains(parts: AnswerParts, names: string[]): Generator<void, DomainFacts[]> {
  const separators = separatorsOf(effectiveConfig(parts.conf));
  const keys = new KeyLines(parts.lines);
  const domains: DomainFacts[] = [];
  for (const name of names) {
    yield;
    const found = { senders: yield* senders(parts, name), ...(yield* aliases(parts, name, separators)) };
    domains.push({ name, ...found, dkim: yield* dkimKeys(parts, name, keys) });
  }
  return domains;
}

function* senders({ files, problems, conf }: AnswerParts, domain: string): Generator<void, string[]> {
  const path = `domains/${domain}/users`;
  const file = yield* parsingUsers(files.get(path) ?? Buffer.alloc(0), conf.schema.version);
  const error = usersError(file);
  if (error === undefined) return [...userNames(file)].sort();
  problems.push(
    `${quotable(path, 200)} cannot be understood (${error}), so no sender of that domain can log in. Correct that line.`,
  );
  return [];
}

function* aliases(
  { files, problems, conf }: AnswerParts,
  domain: string,
  separators: Separators,
): Generator<void, Pick<DomainFacts, 'aliasCount' | 'catchAll'>> {
  const path = `domains/${domain}/aliases`;
  const text = decodeText(files.get(path) ?? Buffer.alloc(0));
  const file = new AliasFile(text, aliasContext(domain, conf.schema.version, separators));
  yield* file.putTogether();
  const { error, size } = file.entries;
  if (error) {
    problems.push(
      `${quotable(path, 200)} has an error in line ${error.line + 1}: ${quotable(error.upstream, 200)}. chasquid does not run with it; correct that line.`,
    );
    return { aliasCount: 0 };
  }
  const at = conf.schema.version.features.catchAll ? file.entries.lineOf(`*@${file.context.domain}`) : undefined;
  if (at === undefined) return { aliasCount: size };
  const line = file.line(at);
  const right = line.kind === 'entry' ? file.lineText(at).slice(line.right.start, line.right.end) : '';
  return { aliasCount: size - 1, catchAll: trimSpace(right) };
}

/** The answer's lines about keys, to be found without going through all of them for each. */
class KeyLines {
  private readonly byFolder = new Map<string, { file: string; line: AnswerLine }[]>();
  private readonly byFile = new Map<string, AnswerLine>();

  constructor(lines: AnswerLine[]) {
    for (const line of lines) {
      if (!['key', 'changed', 'pkcs8'].includes(line.kind)) continue;
      const file = nameOf(line);
      const key = `${line.kind} ${file}`;
      if (!this.byFile.has(key)) this.byFile.set(key, line);
      if (line.kind !== 'key') continue;
      const folder = file.split('/')[1] ?? '';
      const others = this.byFolder.get(folder);
      if (others) others.push({ file, line });
      else this.byFolder.set(folder, [{ file, line }]);
    }
  }

  /** Those in folders named like the domain. */
  of(domain: string): { file: string; line: AnswerLine }[] {
    return this.byFolder.get(domain) ?? [];
  }

  find(kind: 'changed' | 'pkcs8', file: string): AnswerLine | undefined {
    return this.byFile.get(`${kind} ${file}`);
  }
}

function* dkimKeys(parts: AnswerParts, domain: string, keys: KeyLines): Generator<void, DkimKeyFacts[]> {
  const { files, unreadable, problems } = parts;
  const found: DkimKeyFacts[] = [];
  for (const { file, line } of keys.of(domain)) {
    const selector = selectorOf(file, domain, files);
    if (selector === undefined) continue;
    yield;
    const key = bytesOf(line).length ? publicKey(bytesOf(line)) : undefined;
    const problem = !isDnsName(selector)
      ? `${quotable(file, 200)} is not used here: “${quotable(selector, 80)}” cannot be a selector, as the DNS holds no such name. Rename the file to letters, digits and hyphens.`
      : key
        ? unusedKey(parts, file)
        : `${quotable(file, 200)} holds no RSA or Ed25519 private key that can be read, so it cannot sign mail. Set Up Server makes one.`;
    if (!key || problem !== undefined) {
      problems.push(problem!);
      continue;
    }
    const loaded = isLoaded(parts, keys, file);
    found.push({
      selector,
      file,
      ...key,
      ...(unreadable && { readable: !unreadable.has(file) }),
      ...(isUsable(keys, file) ? {} : { usable: false as const }),
      ...(loaded !== undefined && { loaded }),
    });
  }
  return found;
}

/** Not so where the hook's dkimsign is known not to read the form of a key. What signs with driusan's is unknown here. */
function isUsable(keys: KeyLines, file: string): boolean {
  const pkcs8 = keys.find('pkcs8', file);
  const dkimpy = pkcs8 && versionNumber(textOf(pkcs8));
  return !dkimpy || isAtLeast(dkimpy, '1.1');
}

/** Whether the running daemon knows a key that it reads itself, as `DkimKeyFacts` has it. */
function isLoaded({ runningSince }: AnswerParts, keys: KeyLines, file: string): boolean | undefined {
  const changed = keys.find('changed', file);
  if (runningSince === undefined || !changed || !file.startsWith('domains/')) return undefined;
  return Number(textOf(changed)) <= runningSince;
}

/** chasquid signs by itself with the keys in the domain's folder; the other kind only counts where the hook signs with it. */
function unusedKey({ conf, files }: AnswerParts, file: string): string | undefined {
  const { builtInDkim } = conf.schema.version.features;
  if (file.startsWith('domains/')) {
    return builtInDkim
      ? undefined
      : `${quotable(file, 200)} is not used: chasquid signs by itself from ${firstWith('builtInDkim')} on, before that its hook signs with certs/DOMAIN/dkim_privkey.pem. Set Up Server makes the right one.`;
  }
  if (/dkim/i.test(files.get('hooks/post-data')?.toString('latin1') ?? '')) return undefined;
  return `${quotable(file, 200)} is not used: hooks/post-data does not sign with it. Set Up Server makes a key that chasquid signs with.`;
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
