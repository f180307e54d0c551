import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { credentialLines, dnsProviders, otherProviders } from '../../../src/provision/dnsProviders';

describe('DNS providers', () => {
  it('are named once each, as acme.sh names its interfaces', () => {
    const ids = [...dnsProviders.map(provider => provider.id), ...otherProviders];
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.every(id => id === 'rfc2136' || /^dns_[a-z0-9_]+$/.test(id)));
  });

  it('hide what is a secret', () => {
    for (const { id, keys } of dnsProviders)
      assert.ok(
        keys.some(key => key.secret),
        `${id} has no secret`,
      );
  });

  it('leave out values that were not given', () => {
    assert.equal(credentialLines({ CF_Token: 'abc', CF_Zone_ID: '' }), 'CF_Token=abc');
  });
});
