import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildDmarc, readChoices, stageAdvice } from '../../../../src/dns/dmarc/build';
import { lintDmarc } from '../../../../src/dns/dmarc/lint';
import { parseDmarc } from '../../../../src/dns/dmarc/record';

const own = 'v=DMARC1; p=none; rua=mailto:postmaster@example.test';

describe('a DMARC record that is built', () => {
  it('says again what was read, without what is the default', () => {
    for (const [text, again] of [
      [own, own],
      [
        'v=DMARC1;p=reject;sp=quarantine;np=reject;adkim=s;aspf=r;fo=0;pct=100',
        'v=DMARC1; p=reject; sp=quarantine; np=reject; adkim=s',
      ],
      [
        'v=DMARC1; p=quarantine; t=y; ruf=mailto:a@example.test,mailto:b@example.test; fo=d:s',
        'v=DMARC1; p=quarantine; ruf=mailto:a@example.test,mailto:b@example.test; fo=d:s; t=y',
      ],
      ['v=DMARC1; p=nonsense; t=y', 'v=DMARC1; p=none'],
      ['', 'v=DMARC1; p=none'],
    ] as const) {
      assert.equal(buildDmarc(readChoices(text)), again);
      assert.equal(buildDmarc(readChoices(again)), again);
    }
  });

  it('is one that nobody finds fault with, whatever is typed', () => {
    const typed = [
      'a@example.test',
      'mailto:a@example.test b@example.test;c',
      '"<a@example.test>"',
      'a@example.test!10m',
      'nonsense; p=none',
      '',
    ];
    for (const reports of typed)
      for (const failures of typed)
        for (const policy of ['none', 'quarantine', 'reject'] as const)
          for (const when of ['0', '1', 'd:s']) {
            const text = buildDmarc({ ...readChoices(own), policy, reports, failures, when, strictSpf: true });
            const codes = lintDmarc(parseDmarc(text), '').map(each => each.code);
            const known = ['dmarc-policy-none', ...(/rua=/.test(text) ? [] : ['dmarc-no-reports'])];
            assert.deepEqual(
              codes.filter(code => !known.includes(code)),
              [],
              text,
            );
          }
  });

  it('tells its stage', () => {
    const at = (text: string) => stageAdvice(readChoices(text)).split(/[,:]/)[0];
    assert.equal(at('v=DMARC1; p=none'), 'Stage 1 of 3');
    assert.equal(at('v=DMARC1; p=quarantine'), 'Stage 2 of 3');
    assert.equal(at('v=DMARC1; p=reject'), 'Stage 3 of 3');
    assert.equal(at('v=DMARC1; p=reject; t=y'), 'A trial of reject');
  });
});
