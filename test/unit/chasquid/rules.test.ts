import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  addressRule,
  dnsNameRule,
  fullNameRule,
  fullNamesRule,
  type Judged,
  passwordRule,
  reasonOf,
  selectorRule,
  senderRule,
} from '../../../src/chasquid/rules';

type Rule = (text: string) => Judged;
const accepted = (rule: Rule, ...texts: string[]): void => {
  for (const text of texts) assert.equal(reasonOf(rule(text)), undefined, text);
};
const refused = (rule: Rule, cases: readonly (readonly [text: string, reason: RegExp])[]): void => {
  for (const [text, reason] of cases) assert.match(reasonOf(rule(text)) ?? 'accepted', reason, text);
};

describe('the name of a domain or host', () => {
  it('is a full name in any script, used as A-labels without a final dot', () => {
    assert.deepEqual(fullNameRule('Bücher.Example.'), { value: 'xn--bcher-kva.example' });
    accepted(fullNameRule, 'example.com', 'a-b.co.uk', '123.com', 'xn--bcher-kva.example');
  });

  it('is no address, no single label, and has no other characters', () => {
    refused(fullNameRule, [
      ['localhost', /full name is needed/],
      ['under_score.com', /underscore/],
      ['10.0.0.1', /address in numbers/],
      ['[::1]', /Each part between the dots/],
      ['a b.com', /no spaces/],
      ['$(reboot).com', /no spaces or other characters/],
      ['-a.com', /no hyphen at its ends/],
      ['a..com', /1 to 63/],
      [`${'a.'.repeat(130)}com`, /1 to 63/],
      ['', /1 to 63/],
    ]);
  });

  it('of a domain that exists may be any name of the DNS', () => {
    accepted(dnsNameRule, 'localhost', 'under_score.com', '_dmarc.example.com');
    refused(dnsNameRule, [['../../etc', /no spaces or other characters/]]);
  });

  it('may be one of several', () => {
    assert.deepEqual(fullNamesRule(' www.example.com, Shop.example.com;a.example '), {
      value: 'www.example.com shop.example.com a.example',
    });
    assert.deepEqual(fullNamesRule(''), { value: '' });
    refused(fullNamesRule, [['www.example.com shop', /^“shop” is not a full name\. A full name is needed/]]);
  });
});

describe('a selector', () => {
  it('is one label in lower case', () => {
    accepted(selectorRule, '20261124', 'a', 's-1', 'x'.repeat(63));
    for (const text of ['', 'A', 'a.b', 'a_b', '-a', 'a-', 'x'.repeat(64)])
      refused(selectorRule, [[text, /1 to 63 lower-case letters/]]);
  });
});

describe('a sender', () => {
  it('is any name with which chasquid lets somebody log in, with dots and plus signs', () => {
    accepted(
      senderRule,
      'i@example.com',
      "o'neil+x@example.com",
      'first.last@example.com',
      '_a-b@example.com',
      'zoë@bücher.example',
      'ßü@a.b',
      'a@localhost',
    );
  });

  it('is kept as chasquid keeps it: lower case, composed, the domain as A-labels', () => {
    assert.deepEqual(senderRule('ZOE\u0308+X@BÜCHER.example'), { value: 'zoë+x@xn--bcher-kva.example' });
  });

  it('that cannot be says why', () => {
    refused(senderRule, [
      ['', /two parts around an @/],
      ['name', /two parts around an @/],
      ['@example.com', /before the @ is missing/],
      ['a@', /after the @ is missing/],
      ['a@b@example.com', /only one @/],
      ['a b@example.com', /cannot contain a space/],
      ['a\n@example.com', /line break/],
      ['a\u200b@example.com', /invisible/],
      ['"a"@example.com', /cannot contain "/],
      ['a(b)@example.com', /cannot contain \(/],
      ['a|b@example.com', /cannot contain \|/],
      ['😀@example.com', /cannot contain 😀/],
      ['.a@example.com', /A dot/],
      ['a..b@example.com', /A dot/],
      ['-a@example.com', /begins with a letter/],
      ['+a@example.com', /begins with a letter/],
      [`${'a'.repeat(65)}@example.com`, /too long/],
      ['a@exa mple.com', /space/],
      ['a@$(reboot).com', /not a valid domain name/],
      ['a@-x.com', /not a valid domain name/],
      ['a@10.0.0.1', /not a valid domain name/],
      ['aא1@example.com', /do not go together/],
    ]);
  });
});

describe('an address elsewhere', () => {
  it('has both parts, and its local part stays as it is', () => {
    assert.deepEqual(addressRule("O'Neil+x@Example.COM"), { value: "O'Neil+x@example.com" });
    refused(addressRule, [
      ['you', /one whole address/],
      ['@example.com', /one whole address/],
      ['a@b@example.com', /one whole address/],
      ['a b@example.com', /one whole address/],
      ['you@gmail.com, me@gmail.com', /one whole address/],
      ['you@localhost', /full name is needed/],
    ]);
  });
});

describe('a password', () => {
  it('holds anything that can be typed, from eight characters on, however many bytes they have', () => {
    accepted(passwordRule, 'pä$$ \'w"ord`x', '        ', '😀😀😀😀😀😀😀😀');
    refused(passwordRule, [
      ['', /at least 8 characters/],
      ['😀😀😀😀', /at least 8 characters/],
      ['line\nbreak…', /line breaks/],
      ['nul\0nul\0nul', /control characters/],
      ['x'.repeat(513), /at most 512 bytes/],
    ]);
  });
});
