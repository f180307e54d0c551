import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { certificateFacts, readChain } from '../../../src/dns/certificate';

describe('what a certificate tells for TLSA and CAA', () => {
  let folder: string;
  let chain: string;
  const sh = (script: string) =>
    execFileSync('sh', ['-ec', script], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'chasquid-chain-'));
    sh(`
      openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/C=US/O=Let's Encrypt/CN=R3" -keyout ca.key -out ca.pem
      openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=mail.example.test -keyout key.pem -out ask.pem
      openssl x509 -req -in ask.pem -CA ca.pem -CAkey ca.key -days 2 -out leaf.pem`);
    chain = readFileSync(join(folder, 'leaf.pem'), 'utf8') + readFileSync(join(folder, 'ca.pem'), 'utf8');
  });
  after(() => rmSync(folder, { recursive: true }));
  const hash = (file: string, selector: number, digest: string) =>
    sh(
      selector === 1
        ? `openssl x509 -in ${file} -noout -pubkey | openssl pkey -pubin -outform DER | ${digest} | cut -d' ' -f1`
        : `openssl x509 -in ${file} -outform DER | ${digest} | cut -d' ' -f1`,
    ).trim();

  it('is all that fits it, and its authority', () => {
    const { tlsa = [], caaIssuer } = readChain(chain);
    assert.equal(caaIssuer, 'letsencrypt.org');
    for (const [file, usage] of [
      ['leaf.pem', 3],
      ['ca.pem', 2],
    ] as const)
      for (const selector of [0, 1])
        for (const [matching, digest] of [
          [1, 'sha256sum'],
          [2, 'sha512sum'],
        ] as const)
          assert.ok(tlsa.includes(`${usage} ${selector} ${matching} ${hash(file, selector, digest)}`));
    assert.equal(tlsa.length, 12);
    assert.equal(certificateFacts(readChain(chain)).spkiSha256, hash('leaf.pem', 1, 'sha256sum'));
  });

  it('names no authority of one’s own', () => {
    sh('openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /O=Ours/CN=x -keyout own.key -out own.pem');
    assert.equal(readChain(readFileSync(join(folder, 'own.pem'))).caaIssuer, undefined);
  });

  it('cannot be read from anything else', () => assert.throws(() => readChain('hello')));
});
