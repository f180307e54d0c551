import assert from 'node:assert/strict';
import { it } from 'node:test';
import { expectedRecords } from '../../../../src/dns/records/expected';
import { copyText } from '../../../../src/views/dnsPanel/copy';
import { facts } from '../../../support/records';

const record = (purpose: string) => expectedRecords(facts()).find(each => each.purpose === purpose)!;

it('copies each part of a record in its own form, and says which', () => {
  assert.deepEqual(copyText(record('mx'), 'name'), { text: 'example.test', what: 'name example.test' });
  assert.deepEqual(copyText(record('mx'), 'relative'), { text: '@', what: 'name @' });
  assert.deepEqual(copyText(record('ptr'), 'address'), { text: '192.0.2.1', what: 'address 192.0.2.1' });
  assert.equal(copyText(record('mx'), 'quoted').text, '10 mail.example.test.');
  const dkim = record('dkim');
  const strings = copyText(dkim, 'strings').text.split('\n');
  assert.ok(strings.length === 2 && strings.every(part => part.length <= 255));
  assert.equal(strings.join(''), copyText(dkim, 'value').text);
  assert.match(copyText(dkim, 'quoted').text, /^"v=DKIM1; .{200,}" ".+"$/);
  assert.deepEqual(copyText(record('mta-sts'), 'policy'), {
    text: 'version: STSv1\r\nmode: testing\r\nmx: mail.example.test\r\nmax_age: 604800\r\n',
    what: 'policy for https://mta-sts.example.test/.well-known/mta-sts.txt',
  });
});
