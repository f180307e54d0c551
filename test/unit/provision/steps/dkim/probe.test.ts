import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { dkimSign } from 'mailauth/lib/dkim/sign';
import { joinScripts } from '../../../../../src/ssh/shellScript';

const probeFile = join(import.meta.dirname, '../../../../../src/provision/steps/dkim/probe.sh');
/** Alone: the test has the little of the library that it needs. */
const probe = joinScripts([readFileSync(probeFile, 'utf8')]);
const domain = 'example.test';

describe('the message that shows whether mail is signed', () => {
  let scratch: string;
  const keys: Record<string, { file: string; pem: string }> = {};

  const shell = (script: string, input = '') =>
    spawnSync('sh', ['-c', `set -eu\n${probe}\n${script}`], {
      input,
      encoding: 'utf8',
      env: { ...process.env, domain, scratch, LC_ALL: 'C' },
    });
  /** As chasquid's inside has it: lines end with LF. */
  const message = () => shell('probe').stdout;

  const sign = async (
    text: string,
    key: 'rsa' | 'ed25519' | 'other',
    canonicalization = 'relaxed/relaxed',
    more: object = {},
  ): Promise<string> => {
    const { signatures, errors } = await dkimSign(text.replaceAll('\n', '\r\n'), {
      canonicalization,
      signatureData: [{ signingDomain: domain, selector: 'sel', privateKey: keys[key]!.pem, ...more }],
    } as Parameters<typeof dkimSign>[1]);
    assert.deepEqual(errors, []);
    return signatures;
  };

  /** What `signed_by` finds when the signer adds `added` to `text`: nothing, or what is lacking and the last words. */
  const lack = (text: string, added: string, key = 'rsa', signer = 'cat "$scratch/answer"'): string => {
    writeFileSync(join(scratch, 'message'), text);
    writeFileSync(join(scratch, 'answer'), added);
    const ran = shell(`probe() { cat "$scratch/message"; }
      signer() { ${signer}; }
      signed_by signer '${keys[key]!.file}' sel || printf '%s %s\\n' "$lack" "$heard"`);
    assert.equal(ran.status, 0, ran.stderr);
    return ran.stdout.trim();
  };

  before(() => {
    scratch = mkdtempSync(join(tmpdir(), 'chasquid-probe-'));
    const pem = { type: 'pkcs8', format: 'pem' } as const;
    const make = {
      rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
      other: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
      ed25519: () => generateKeyPairSync('ed25519'),
    };
    for (const [name, generate] of Object.entries(make)) {
      const file = join(scratch, `${name}.pem`);
      const text = generate().privateKey.export(pem).toString();
      writeFileSync(file, text);
      keys[name] = { file, pem: text };
    }
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  test('is a whole message of the domain', () => {
    const text = message();
    assert.match(text, /^From: postmaster@example\.test\nTo: /);
    for (const name of ['Subject', 'Date', 'Message-ID', 'MIME-Version', 'Content-Type'])
      assert.match(text, new RegExp(`^${name}: \\S`, 'm'));
    assert.match(text, /\n\n[^\r\n]+\n$/);
  });

  for (const algorithm of ['rsa', 'ed25519'] as const)
    for (const canonicalization of ['relaxed/relaxed', 'relaxed/simple', 'simple/relaxed', 'simple/simple'])
      test(`a signature is accepted: ${algorithm}, ${canonicalization}`, async () => {
        const text = message();
        assert.equal(lack(text, await sign(text, algorithm, canonicalization), algorithm), '');
      });

  test('line ends, further fields, a body length and a selector in capitals make no difference', async () => {
    const text = message();
    const signature = await sign(text, 'rsa');
    assert.equal(lack(text, signature.replaceAll('\r\n', '\n')), '');
    assert.equal(lack(text, `X-Spam-Score: 0\r\n${signature}X-Folded: a\r\n b\r\n`), '');
    assert.equal(lack(text, await sign(text, 'rsa', 'relaxed/relaxed', { maxBodyLength: 9 })), '');
    assert.equal(lack(text, await sign(text, 'rsa', 'relaxed/relaxed', { selector: 'SEL' })), '');
    // Another one of the same domain comes first.
    assert.equal(lack(text, (await sign(text, 'other', 'simple/simple', { selector: 'former' })) + signature), '');
  });

  test('a signature by another key, of another message or with another method does not fit', async () => {
    const text = message();
    const signature = await sign(text, 'rsa');
    assert.equal(lack(text, await sign(text, 'other')), 'wrong');
    assert.equal(lack(text.replace('Subject: ', 'Subject: Re: '), signature), 'wrong');
    assert.equal(lack(text.replace(/.\n$/, '!\n'), signature), 'wrong');
    assert.equal(lack(text, signature.replace('a=rsa-sha256', 'a=rsa-sha1')), 'wrong');
    assert.equal(lack(text, signature.replace(/ b=(..)/, ' b=AA')), 'wrong');
    assert.equal(lack(text, signature, 'ed25519'), 'wrong');
  });

  test('no signature is told with the last words of what should have signed', async () => {
    const text = message();
    assert.equal(lack(text, ''), 'none');
    assert.equal(lack(text, '', 'rsa', 'echo "Unparsable private key" >&2'), 'none Unparsable private key');
    assert.equal(lack(text, await sign(text, 'rsa', 'relaxed/relaxed', { selector: 'former' })), 'none');
    assert.equal(lack(text, await sign(text, 'rsa', 'relaxed/relaxed', { signingDomain: 'test' })), 'none');
  });

  test('output that chasquid drops, as it is no header, counts as none', async () => {
    const text = message();
    const signature = await sign(text, 'rsa');
    for (const added of [`${signature}\r\n`, `signed\r\n${signature}`, signature.trimEnd()])
      assert.equal(lack(text, added), 'none', JSON.stringify(added.slice(-30)));
  });

  test('what ends with an error is told as that', () => {
    assert.equal(lack(message(), '', 'rsa', 'echo "spam detected" >&2; return 20'), 'failed spam detected');
  });
});
