import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTsigKey } from '../../../../src/dns/update/parseKey';
import { sign, verify } from '../../../../src/dns/update/tsig';

const secret = Buffer.alloc(32, 7).toString('base64');
const key = { name: 'mail', algorithm: 'hmac-sha256', secret } as const;

describe('a TSIG key as people have it', () => {
  it('is read from one line and from BIND’s file', () => {
    assert.deepEqual(parseTsigKey(`hmac-sha256:mail:${secret}`), key);
    assert.deepEqual(parseTsigKey(`mail:${secret}`), key);
    assert.deepEqual(parseTsigKey(`key "mail" {\n\talgorithm hmac-sha512;\n\tsecret "${secret}";\n};\n`), {
      ...key,
      algorithm: 'hmac-sha512',
    });
  });
  it('is refused in words that do not hold the secret', () => {
    for (const [text, reason] of [
      [`hmac-md5:mail:${secret}`, /algorithm is not supported/],
      ['hmac-sha256::x', /has no name/],
      ['hmac-sha256:mail:not base64!', /not base64/],
      ['', /has no name/],
    ] as const)
      assert.throws(
        () => parseTsigKey(text),
        (error: Error) =>
          reason.test(error.message) && !error.message.includes(secret) && !error.message.includes('not base64!'),
      );
  });
});

describe('the signature of an answer', () => {
  const requestMac = Buffer.alloc(32, 1);
  const message = Buffer.from('123428000000000000000000', 'hex');
  it('is taken only when it covers the question, the answer and the time, by the same key', () => {
    // An answer signed as if it were a question does not cover the question's signature.
    assert.equal(verify(sign(message, key).message, key, requestMac), false);
    assert.equal(verify(message, key, requestMac), false);
    assert.equal(verify(Buffer.alloc(0), key, requestMac), false);
  });
});
