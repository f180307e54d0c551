import { isDnsName } from '../../input/domainName';
import { lastWords } from '../../text/visible';
import { answerLines, bytesOf, find, nameOf, need, quoteOf, textOf } from '../protocol/answer';
import { publicKey } from '../facts/domainFacts';
import type { DkimKeyFacts } from '../facts/facts';
import { throwRefused } from '../files/safeFiles';
import { HostError, type Shell } from '../protocol/shell';
import { shellScript } from '../../ssh/shellScript';

/** A key that lies where chasquid does not look. */
export type StagedKey = Pick<DkimKeyFacts, 'selector' | 'algorithm' | 'publicKey'>;

/** What a key rotation keeps on the server, so that it goes on from any computer. */
export interface RotationFiles {
  staged: StagedKey[];
  /** The note of the rotation under way, as it was kept. */
  note: unknown;
}

const scripts = {
  read: shellScript(import.meta.url, './dkimKeys/read.sh'),
  keepNote: shellScript(import.meta.url, './dkimKeys/keepNote.sh'),
  stage: shellScript(import.meta.url, './dkimKeys/stage.sh'),
  moveIn: shellScript(import.meta.url, './dkimKeys/moveIn.sh'),
  moveBack: shellScript(import.meta.url, './dkimKeys/moveBack.sh'),
  takeOut: shellScript(import.meta.url, './dkimKeys/takeOut.sh'),
};

/** The keys aside and the rotation's note. @throws HostError `no-domain` */
export async function readRotation(shell: Shell, domain: string, signal?: AbortSignal): Promise<RotationFiles> {
  const lines = await ask(shell, scripts.read, { domain }, signal);
  const staged = lines
    .filter(line => line.kind === 'key')
    .flatMap(line => {
      const key = publicKey(bytesOf(line));
      return key ? [{ selector: nameOf(line), algorithm: key.algorithm, publicKey: key.publicKey }] : [];
    });
  return { staged, note: json(textOf(find(lines, 'note'))) };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Keeps the rotation's note; undefined removes it. @throws HostError `no-domain`, `write-failed` */
export async function keepRotation(shell: Shell, domain: string, note: unknown): Promise<void> {
  await ask(shell, scripts.keepNote, { domain, note: note === undefined ? '' : JSON.stringify(note) });
}

/** Makes a key aside; one of that selector that lies there already is kept. @throws HostError `no-domain`, `write-failed` */
export async function stageKey(
  shell: Shell,
  domain: string,
  { selector, algorithm }: { selector: string; algorithm: 'rsa' | 'ed25519' },
): Promise<StagedKey> {
  const lines = await ask(shell, scripts.stage, { domain, selector, algorithm });
  const key = publicKey(bytesOf(find(lines, 'key')));
  if (!key)
    throw new HostError(
      'write-failed',
      `The key ${selector} that was made for ${domain} cannot be read. openssl on the server may be damaged. Check it in a terminal: openssl version.`,
    );
  return { selector, algorithm: key.algorithm, publicKey: key.publicKey };
}

/** A key and where what signs looks for it. */
export interface KeyPlace {
  selector: string;
  /** chasquid signs by itself (≥ 1.14); before, its hook does. */
  builtIn: boolean;
}

/**
 * Moves a staged key to where it is signed with: into the domain's folder (chasquid ≥ 1.14), or in the place of the
 * hook's key and selector (before), whose former ones are kept aside. The hook's key is written as PKCS#1: driusan's
 * dkimsign, and that of dkimpy before 1.1, read nothing else.
 * @throws HostError `no-domain`, `no-key`, `unsafe-link`, `folder-changed`, `write-failed`
 */
export async function moveKeyIn(shell: Shell, domain: string, { selector, builtIn }: KeyPlace): Promise<void> {
  const lines = await ask(shell, scripts.moveIn, { domain, selector, builtIn: builtIn ? 'yes' : 'no' });
  if (find(lines, 'nokey'))
    throw new HostError(
      'no-key',
      `The new key ${selector} of ${domain} is not where it was kept. It may have been moved by hand. Begin the rotation again with another selector.`,
    );
}

/**
 * Undoes `moveKeyIn`: the key lies aside again, and the hook's former key and selector, where there were any, are back.
 * @param former the selector of the hook's former key.
 * @throws HostError `no-domain`, `unsafe-link`, `folder-changed`, `write-failed`
 */
export async function moveKeyBack(
  shell: Shell,
  domain: string,
  { selector, builtIn, former = '' }: KeyPlace & { former?: string | undefined },
): Promise<void> {
  await ask(shell, scripts.moveBack, { domain, selector, former, builtIn: builtIn ? 'yes' : 'no' });
}

/**
 * Moves keys out of the domain's folder, to `/var/lib/chasquid-setup/dkim/DOMAIN/retired/`. One that is gone already is passed over.
 * @throws HostError `no-domain`, `unsafe-link`, `folder-changed`, `write-failed`
 */
export async function takeKeysOut(shell: Shell, domain: string, selectors: readonly string[]): Promise<void> {
  await ask(shell, scripts.takeOut, { domain, selectors: selectors.join('\n') });
}

async function ask(shell: Shell, script: string, inputs: Record<string, string>, signal?: AbortSignal) {
  const { domain, selector = 's' } = inputs;
  if (!/^[^./][^/]*$/.test(domain!) || !isDnsName(selector))
    throw new RangeError(
      `“${domain}” with the selector “${selector}” names no key file. A selector has letters, digits, hyphens and dots. Choose another one.`,
    );
  const answer = await shell.run(script, { inputs, timeoutMs: 120_000, ...(signal && { signal }) });
  const lines = answerLines(answer);
  const absent = find(lines, 'absent');
  if (absent)
    throw new HostError(
      'no-domain',
      `${quoteOf(absent)} is not there, so ${domain} has no keys to rotate. The domain may have been removed. Add it first.`,
    );
  throwRefused(lines, `The key of ${domain}`);
  const failed = find(lines, 'failed');
  if (failed) {
    const said = lastWords(answer.output);
    throw new HostError(
      'write-failed',
      `${quoteOf(failed)} could not be written. The server reported: “${said}”. What was there before is unchanged; fix that, then go on.`,
    );
  }
  if (!find(lines, 'nokey')) need(lines, 'done', answer, `the keys of ${domain}`);
  return lines;
}
