import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AliasFile } from '../../src/chasquid/aliases/file';
import type { Recipient } from '../../src/chasquid/aliases/model';
import { type AliasWorld, resolveAddress } from '../../src/chasquid/aliases/resolve';
import { durationError, effectiveConfig, printConfig } from '../../src/chasquid/config/effective';
import { parseConfig } from '../../src/chasquid/config/parse';
import { errorText } from '../../src/chasquid/prototext/errorText';
import { shownConfig } from '../../src/chasquid/config/shown';
import { printable } from '../../src/chasquid/text';
import { parseUsers } from '../../src/chasquid/users/parse';
import { type Version, versionOf } from '../../src/chasquid/versions';
import { Sandbox } from '../sandbox';
import type { Host } from '../sandbox/host';
import { withChasquid } from '../support/chasquid';
import { deep } from '../support/deep';
import { Generator } from '../support/generate';

const separators = { suffixSeparators: '+', dropCharacters: '.' };
const configCount = deep ? 600 : 250;
const usersCount = deep ? 400 : 150;
const domainCount = deep ? 150 : 60;
const askedPerDomain = 4;

/** Writes one file for each text: `$1/NUMBER` after `unpack FOLDER`. */
const unpack = `unpack() { mkdir -p "$1"; i=0; while read -r line; do printf %s "$line" | base64 -d >"$1/$i"; i=$((i+1)); done; }`;
const packed = (texts: string[]) => texts.map(text => `${Buffer.from(text).toString('base64')}\n`).join('');

/** What a command printed for each number, in the order of the numbers. */
function answersOf(output: string): string[] {
  return output.split(/^=== \d+\n/m).slice(1);
}

describe('the installed chasquid is the oracle', () => {
  let world: Sandbox;
  before(async () => {
    world = await Sandbox.boot({
      hosts: [
        { name: 'old', suite: 'bookworm', hostname: 'old.example.test', ready: withChasquid },
        { name: 'new', suite: 'trixie', hostname: 'new.example.test', ready: withChasquid },
      ],
    });
  });
  after(() => world?.close());

  for (const name of ['old', 'new']) {
    test(`${name}: ${configCount} configurations are printed, or refused in the same words at the same place`, async () => {
      const host = world.host(name);
      const version = await versionOn(host);
      const make = new Generator(name === 'old' ? 11 : 12);
      const texts = Array.from({ length: configCount }, () => make.config());
      const output = await host.sh(
        `${unpack}; cd "$(mktemp -d)"; unpack in; mkdir c
        for i in $(seq 0 ${configCount - 1}); do
          echo "=== $i"; mv "in/$i" c/chasquid.conf; chasquid-util -C=c print-config 2>&1; echo "rc $?"
        done`,
        { stdin: packed(texts) },
      );
      const answers = answersOf(output);
      assert.equal(answers.length, configCount);
      const hostname = (await host.sh('cat /proc/sys/kernel/hostname')).trim();
      let refusals = 0;
      for (const [index, answer] of answers.entries()) {
        const ours = configAnswer(texts[index]!, version, hostname);
        if (ours.endsWith('rc 1')) refusals++;
        assert.equal(ours, even(answer), JSON.stringify(texts[index]));
        assert.equal(
          withoutComments(shownConfig(texts[index]!, version, 'chasquid.conf'), hostname),
          ours.endsWith('rc 1') ? '' : even(printable(answer)).replace(/\nrc 0$/, '\n'),
          JSON.stringify(texts[index]),
        );
      }
      assert.ok(refusals > configCount / 5 && refusals < configCount, `${refusals} refused`);
    });
  }

  for (const name of ['old', 'new']) {
    test(`${name}: ${usersCount} users files are read, or refused in the same words at the same place`, async () => {
      const host = world.host(name);
      const version = await versionOn(host);
      const make = new Generator(name === 'old' ? 31 : 32);
      const texts = Array.from({ length: usersCount }, () => make.users());
      const output = await host.sh(
        `${unpack}; cd "$(mktemp -d)"; unpack in; mkdir -p c/domains/d; : >c/chasquid.conf
        for i in $(seq 0 ${usersCount - 1}); do
          echo "=== $i"; mv "in/$i" c/domains/d/users; chasquid-util -C=c check-userdb d 2>&1 || echo "rc $?"
        done`,
        { stdin: packed(texts) },
      );
      const answers = answersOf(output);
      assert.equal(answers.length, usersCount);
      for (const [index, answer] of answers.entries()) {
        const { source, errors } = parseUsers(texts[index]!, version);
        const ours = errors[0] ? `Error loading database: ${errorText(source, errors[0])}\nrc 1` : '';
        assert.equal(
          even(printable(ours)),
          even(answer).replace(/^Database loaded.*$/s, ''),
          JSON.stringify(texts[index]),
        );
      }
    });
  }

  test(`old: ${domainCount * askedPerDomain} addresses lead where chasquid-util says`, async () => {
    const host = world.host('old');
    const { texts, asked } = aliasCases(21);
    // Reads the files itself, takes every user for existing, and leaves localhost out.
    const output = await host.sh(
      `${unpack}; cd "$(mktemp -d)"; unpack in; mkdir c; : >c/chasquid.conf
      for i in $(seq 0 ${domainCount - 1}); do
        rm -rf c/domains; mkdir -p "c/domains/d$i" c/domains/e; mv "in/$i" "c/domains/d$i/aliases"
        echo "=== $i"
        for address in ${asked.map(user => `'${user}'`).join(' ')}; do
          chasquid-util -C=c aliases-resolve "$address@d$i" 2>&1 | grep -av ': loaded '; echo --
        done
      done`,
      { stdin: packed(texts) },
    );
    compare(output, texts, asked, versionOf('1.11'), index => ({
      domains: new Set([`d${index}`, 'e']),
      userExists: () => true,
    }));
  });

  test(`new: ${domainCount * askedPerDomain} addresses lead where the running chasquid says`, async () => {
    const host = world.host('new');
    const { texts, asked } = aliasCases(22);
    const output = await host.sh(
      `${unpack}; cd "$(mktemp -d)"; chmod 755 .; unpack in; mkdir -p c/certs/x c/domains/e data
      printf '%s\\n' 'smtp_address: "127.0.0.1:2525"' 'submission_address: "127.0.0.1:2587"' \\
        'submission_over_tls_address: "127.0.0.1:2465"' "data_dir: \\"$PWD/data\\"" 'mail_log_path: "<stderr>"' >c/chasquid.conf
      openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=x -keyout c/certs/x/privkey.pem -out c/certs/x/fullchain.pem 2>/dev/null
      for i in $(seq 0 ${domainCount - 1}); do mkdir "c/domains/d$i"; mv "in/$i" "c/domains/d$i/aliases"; done
      chasquid -config_dir="$PWD/c" >log 2>&1 & daemon=$!
      for try in $(seq 100); do [ -S data/localrpc-v1 ] && break; sleep 0.1; done
      for i in $(seq 0 ${domainCount - 1}); do
        echo "=== $i"
        for address in ${asked.map(user => `'${user}'`).join(' ')}; do
          chasquid-util -C="$PWD/c" aliases-resolve "$address@d$i" 2>&1; echo --
        done
      done
      kill $daemon`,
      { stdin: packed(texts) },
    );
    const domains = new Set([...texts.map((_, index) => `d${index}`), 'e', 'localhost']);
    compare(output, texts, asked, await versionOn(host), () => ({ domains, userExists: () => false }));
  });
});

async function versionOn(host: Host): Promise<Version> {
  return versionOf(/^chasquid (\S+)/m.exec(await host.sh('chasquid -version'))![1]);
}

/** The blank after `proto:` and after a key differs from build to build on purpose. */
function even(text: string): string {
  return text
    .replace(/proto:[\s\u00a0]/, 'proto: ')
    .replace(/^(\w+):\s+/gm, '$1: ')
    .replace(/\s+rc (\d+)\s*$/, '\nrc $1');
}

/** What “Show Effective Configuration” shows, with the system's host name where it says so. */
function withoutComments(shown: string, hostname: string): string {
  return shown.replace(/^# hostname: .*$/m, `hostname: "${hostname}"`).replace(/^#.*\n/gm, '');
}

function configAnswer(text: string, version: Version, hostname: string): string {
  const file = parseConfig(text, version);
  const effective = effectiveConfig(file);
  const first = file.errors[0];
  const refused = first ? `parsing config: ${errorText(file.source, first)}` : durationError(effective);
  const said =
    refused === undefined ? printConfig(effective, file.schema, hostname) : `Error loading config: ${refused}`;
  return even(`${printable(said)}\nrc ${refused === undefined ? 0 : 1}`);
}

function aliasCases(seed: number): { texts: string[]; asked: string[] } {
  const make = new Generator(seed);
  const texts = Array.from({ length: domainCount }, (_, index) => {
    const text = make.number(2) ? make.aliases() : make.soundAliases();
    return text.replace(/@d(?![\w.-])/g, `@d${index}`);
  });
  return { texts, asked: ['a', 'b.c+x', 'u', 'q'] };
}

function compare(
  output: string,
  texts: string[],
  asked: string[],
  version: Version,
  around: (index: number) => Pick<AliasWorld, 'domains' | 'userExists'>,
): void {
  const answers = answersOf(output);
  assert.equal(answers.length, texts.length);
  for (const [index, text] of texts.entries()) {
    const domain = `d${index}`;
    const file = new AliasFile(text, { domain, version, ...separators });
    const aliases = file.entries.error ? new Map<string, Recipient[]>() : file.entries.recipients;
    const world: AliasWorld = { ...separators, version, aliases, ...around(index) };
    const theirs = answers[index]!.split(/^--\n/m);
    for (const [which, user] of asked.entries()) {
      const { recipients, error } = resolveAddress(world, `${user}@${domain}`);
      const ours = recipients?.map(({ type, address }) => `(${type})  ${printable(address)}`) ?? [
        `Error resolving: ${error}`,
      ];
      const lines = theirs[which]!.split('\n')
        .filter(Boolean)
        .map(line => line.replace(/^(\(\w+\))\s+/, '$1  '));
      assert.deepEqual(ours.sort(), lines.sort(), `${user}@${domain}\n${text}`);
    }
  }
}
