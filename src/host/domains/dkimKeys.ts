import { isDnsName } from '../../input/domainName';
import { lastWords } from '../../text/visible';
import {
  answerFunctions,
  answerLines,
  bytesOf,
  find,
  locateChasquid,
  nameOf,
  need,
  quoteOf,
  textOf,
} from '../protocol/answer';
import { publicKey } from '../facts/domainFacts';
import type { DkimKeyFacts } from '../facts/facts';
import { fileFunctions, refuseFunction, throwRefused } from '../files/safeFiles';
import { HostError, type Shell } from '../protocol/shell';

/** A key that lies where chasquid does not look. */
export type StagedKey = Pick<DkimKeyFacts, 'selector' | 'algorithm' | 'publicKey'>;

/** What a key rotation keeps on the server, so that it goes on from any computer. */
export interface RotationFiles {
  staged: StagedKey[];
  /** The note of the rotation under way, as it was kept. */
  note: unknown;
}

/** Keys aside and the note of a rotation: `/var/lib/chasquid-setup/dkim/DOMAIN/`, for root only. */
const places = String.raw`
${answerFunctions}
${locateChasquid}
${fileFunctions}
${refuseFunction}
umask 077
config=$(readlink -f -- "$config")
domainFolder=$config/domains/$domain
aside=/var/lib/chasquid-setup/dkim/$domain
hookKey=$config/certs/$domain/dkim_privkey.pem
hookSelector=$domainFolder/dkim_selector
[ -d "$domainFolder" ] || { field absent "" "$domainFolder"; exit 0; }
die() { field failed "" "$1"; exit 0; }
tell() { field staged "$1" ""; openssl pkey -in "$aside/dkim:$1.pem" -passin pass: -pubout -outform DER 2>/dev/null | emit key "$1"; }
`;

const read = String.raw`
for key in "$aside"/dkim:*.pem; do
  [ -f "$key" ] || continue
  tell "$(basename "$key" .pem | cut -d: -f2-)"
done
if [ -f "$aside/rotation.json" ]; then emit note "" < "$aside/rotation.json"; fi
field done "" ""
`;

/** The keys aside and the rotation's note. @throws HostError `no-domain` */
export async function readRotation(shell: Shell, domain: string, signal?: AbortSignal): Promise<RotationFiles> {
  const lines = await ask(shell, read, { domain }, signal);
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
  const script = String.raw`
own_folder /var/lib/chasquid-setup && mkdir -p "$aside" || die "$aside"
if [ -n "$note" ]; then printf '%s\n' "$note" > "$aside/.note" && mv -f "$aside/.note" "$aside/rotation.json" || die "$aside/rotation.json"
else rm -f "$aside/rotation.json"; rmdir -p "$aside" 2>/dev/null; fi
field done "" ""
`;
  await ask(shell, script, { domain, note: note === undefined ? '' : JSON.stringify(note) });
}

/** Makes a key aside; one of that selector that lies there already is kept. @throws HostError `no-domain`, `write-failed` */
export async function stageKey(
  shell: Shell,
  domain: string,
  { selector, algorithm }: { selector: string; algorithm: 'rsa' | 'ed25519' },
): Promise<StagedKey> {
  const script = String.raw`
own_folder /var/lib/chasquid-setup && mkdir -p "$aside" || die "$aside"
key=$aside/dkim:$selector.pem
if [ ! -s "$key" ]; then
  if [ "$algorithm" = ed25519 ]; then set -- -algorithm ed25519; else set -- -algorithm RSA -pkeyopt rsa_keygen_bits:2048; fi
  openssl genpkey "$@" -out "$aside/.new" 2>/dev/null && mv -f "$aside/.new" "$key" || { rm -f "$aside/.new"; die "$key"; }
fi
tell "$selector"
field done "" ""
`;
  const lines = await ask(shell, script, { domain, selector, algorithm });
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
  const script = String.raw`
key=$aside/dkim:$selector.pem
place=$domainFolder/dkim:$selector.pem
[ "$builtIn" = yes ] || place=$hookKey
if [ ! -s "$key" ]; then
  if [ "$builtIn" = yes ] && [ -s "$place" ]; then field done "" ""; exit 0; fi
  field nokey "" "$key"; exit 0
fi
if [ "$builtIn" != yes ] && [ -s "$hookKey" ] && [ -s "$hookSelector" ]; then
  mkdir -p "$aside/retired" && read_file "$hookKey" > "$aside/retired/dkim:$(cat "$hookSelector").pem" || die "$aside/retired"
fi
if [ "$builtIn" = yes ]; then set --; else set -- -traditional; fi
form=$(openssl pkey -in "$key" -passin pass: "$@") || die "$key"
printf '%s\n' "$form" | write_file "$place" "root:$group" 640 || exit 1
[ "$builtIn" = yes ] || printf '%s\n' "$selector" | write_file "$hookSelector" "root:$group" 640 || exit 1
rm -f "$key"
field done "" ""
`;
  const lines = await ask(shell, script, { domain, selector, builtIn: builtIn ? 'yes' : 'no' });
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
  const script = String.raw`
key=$aside/dkim:$selector.pem
if [ "$builtIn" = yes ]; then
  (settle "$domainFolder" && folder=$real && enter && mv -f -- "./dkim:$selector.pem" "$key" || refuse $?) || exit 1
  # Whoever can write in the domain's folder could have put a link there.
  [ -f "$key" ] && [ ! -L "$key" ] || { rm -rf "$key"; die "$key"; }
elif [ -n "$former" ]; then
  read_file "$hookKey" | openssl pkey -passin pass: -out "$key" || die "$key"
  write_file "$hookKey" "root:$group" 640 < "$aside/retired/dkim:$former.pem" || exit 1
  printf '%s\n' "$former" | write_file "$hookSelector" "root:$group" 640 || exit 1
else
  read_file "$hookKey" | openssl pkey -passin pass: -out "$key" && rm -f "$hookKey" "$hookSelector" || die "$key"
fi
field done "" ""
`;
  await ask(shell, script, { domain, selector, former, builtIn: builtIn ? 'yes' : 'no' });
}

/**
 * Moves keys out of the domain's folder, to `/var/lib/chasquid-setup/dkim/DOMAIN/retired/`. One that is gone already is passed over.
 * @throws HostError `no-domain`, `unsafe-link`, `folder-changed`, `write-failed`
 */
export async function takeKeysOut(shell: Shell, domain: string, selectors: readonly string[]): Promise<void> {
  const script = String.raw`
own_folder /var/lib/chasquid-setup && mkdir -p "$aside/retired" || die "$aside/retired"
settle "$domainFolder" && folder=$real && enter || refuse $?
printf '%s\n' "$selectors" | while IFS= read -r name; do
  [ -e "./dkim:$name.pem" ] || continue
  mv -f -- "./dkim:$name.pem" "$aside/retired/" || die "$folder/dkim:$name.pem"
done
field done "" ""
`;
  await ask(shell, script, { domain, selectors: selectors.join('\n') });
}

async function ask(shell: Shell, script: string, inputs: Record<string, string>, signal?: AbortSignal) {
  const { domain, selector = 's' } = inputs;
  if (!/^[^./][^/]*$/.test(domain!) || !isDnsName(selector))
    throw new RangeError(
      `“${domain}” with the selector “${selector}” names no key file. A selector has letters, digits, hyphens and dots. Choose another one.`,
    );
  const answer = await shell.run(places + script, { inputs, timeoutMs: 120_000, ...(signal && { signal }) });
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
