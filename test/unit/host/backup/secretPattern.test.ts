import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import ssh2 from 'ssh2';
import { binaryPattern, keyPattern } from '../../../../src/host/backup/secretPattern';

/** Whether a line holds the pattern, as `grep -aP` on the server sees it in the C locale: byte by byte. */
function finds(pattern: string, content: string | Buffer): boolean {
  const expression = new RegExp(pattern);
  return Buffer.from(content)
    .toString('latin1')
    .split('\n')
    .some(line => expression.test(line));
}

const keys: Record<string, { publicKey: KeyObject; privateKey: KeyObject }> = {
  rsa1024: generateKeyPairSync('rsa', { modulusLength: 1024 }),
  rsa2048: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  rsa4096: generateKeyPairSync('rsa', { modulusLength: 4096 }),
  p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  p521: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  ed25519: generateKeyPairSync('ed25519'),
};

describe('what a backup may not hold', () => {
  for (const [name, { publicKey, privateKey }] of Object.entries(keys)) {
    const types = { rsa: ['pkcs1', 'pkcs8'], ec: ['sec1', 'pkcs8'] }[privateKey.asymmetricKeyType as string] ?? [
      'pkcs8',
    ];
    it(`${name}: a private key is found in every form, its public key in none`, () => {
      for (const type of types as ('pkcs1' | 'pkcs8' | 'sec1')[]) {
        const pem = privateKey.export({ type: type, format: 'pem' }) as string;
        const der = privateKey.export({ type: type as 'pkcs8', format: 'der' });
        for (const [form, text] of Object.entries({
          pem,
          crlf: pem.replaceAll('\n', '\r\n'),
          inside: `key: |\n  ${pem.replaceAll('\n', '\n  ')}`,
          inOneLine: JSON.stringify({ pem }),
          base64: der.toString('base64'),
          setting: `key="${der.toString('base64')}"`,
          folded: der.toString('base64').replace(/(.{64})/g, '$1\n'),
        }))
          assert.ok(finds(keyPattern, text), `${type}, ${form}`);
        assert.ok(finds(binaryPattern, der), `${type}, der`);
        assert.ok(finds(binaryPattern, Buffer.from(pem, 'utf16le')), `${type}, UTF-16`);
        assert.ok(finds(binaryPattern, gzipSync(pem)), `${type}, gzip`);
      }
      const cipher = { cipher: 'aes-256-cbc', passphrase: 'x' };
      assert.ok(finds(keyPattern, privateKey.export({ type: 'pkcs8', format: 'pem', ...cipher })));
      assert.ok(finds(binaryPattern, privateKey.export({ type: 'pkcs8', format: 'der', ...cipher })));
      assert.ok(finds(keyPattern, JSON.stringify(privateKey.export({ format: 'jwk' }), null, 2)));
      const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
      for (const text of [
        publicKey.export({ type: 'spki', format: 'pem' }) as string,
        JSON.stringify(publicKey.export({ format: 'jwk' })),
        `v=DKIM1; k=rsa; p=${spki}`,
      ])
        assert.ok(!finds(`${keyPattern}|${binaryPattern}`, text), text);
    });
  }

  it('OpenSSH’s own format is found, its public key is not', () => {
    for (const options of [{}, { passphrase: 'secret', cipher: 'aes256-ctr', rounds: 1 }]) {
      const pair = ssh2.utils.generateKeyPairSync('ed25519', options as object);
      assert.ok(finds(keyPattern, pair.private));
      assert.ok(!finds(`${keyPattern}|${binaryPattern}`, pair.public));
    }
  });

  it('the files of a configuration are no keys', () => {
    const hash = randomBytes(32).toString('base64');
    for (const text of [
      '',
      'hostname: "mail.example.com"\nmax_data_size_mb: 50\n',
      'i: you@gmail.com\n# ümläut, «κ», 🎉\r\n*: x\n',
      Buffer.from('# caf\u00e9 in Latin-1\n', 'latin1'),
      `users: { key: "i" value: { scrypt: { logN: 14 r: 8 p: 1 keyLen: 32 salt: "\\253${hash}" encrypted: "${hash}" } } }`,
      '#!/bin/bash\n# The private key is read by dkimsign.\nexec dkimsign "$selector" "$domain" privkey.pem\n',
    ])
      assert.ok(!finds(`${keyPattern}|${binaryPattern}`, text), String(text));
  });
});
