import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { hostKeyAlgorithms, hostKeyTypes, macAlgorithms, sha1Uses } from '../../../../src/ssh/connect/algorithms';
import { loadSsh2 } from '../../../../src/ssh/library';

const uses = (lines: Record<string, string>) => sha1Uses(keyword => lines[keyword]);
const none = uses({});

describe('SHA-1', () => {
  it('is offered nowhere by default', () => {
    assert.deepEqual(none, { macs: [], hostKeys: false, logins: false });
    assert.ok(!hostKeyAlgorithms('ssh-rsa', none).includes('ssh-rsa'));
    assert.deepEqual(
      macAlgorithms(none).filter(name => /sha1|md5/.test(name)),
      [],
    );
  });

  it('is offered last where the SSH configuration names it', () => {
    assert.deepEqual(hostKeyAlgorithms('ssh-rsa', uses({ hostkeyalgorithms: '+ssh-rsa' })), [
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-rsa',
    ]);
    for (const list of ['+hmac-sha1', '^hmac-sha1', 'hmac-sha2-256,hmac-sha1']) {
      assert.deepEqual(macAlgorithms(uses({ macs: list })), [...macAlgorithms(none), 'hmac-sha1'], list);
    }
    assert.ok(uses({ pubkeyacceptedalgorithms: '+ssh-rsa' }).logins);
    assert.ok(uses({ pubkeyacceptedkeytypes: '+ssh-rsa' }).logins);
  });

  it('is not offered where the configuration takes it away or names something like it', () => {
    for (const list of ['-hmac-sha1', '-hmac-sha1*', 'hmac-sha1-96', '*', '']) {
      assert.deepEqual(uses({ macs: list }), none, list);
    }
    assert.deepEqual(uses({ hostkeyalgorithms: '-ssh-rsa', pubkeyacceptedalgorithms: 'rsa-sha2-256' }), none);
  });

  it('keeps to one use when another is asked for', () => {
    assert.deepEqual(uses({ hostkeyalgorithms: '+ssh-rsa' }), { macs: [], hostKeys: true, logins: false });
  });
});

it('the library knows every algorithm that is offered', async () => {
  const ssh2 = await loadSsh2();
  const all = uses({ macs: 'hmac-sha1,hmac-sha1-etm@openssh.com', hostkeyalgorithms: 'ssh-rsa' });
  const client = new ssh2.Client();
  client.on('error', () => undefined);
  assert.doesNotThrow(() =>
    client.connect({
      sock: new PassThrough(),
      username: 'x',
      algorithms: {
        hmac: macAlgorithms(all) as never,
        serverHostKey: hostKeyTypes.flatMap(type => hostKeyAlgorithms(type, all)) as never,
      },
    }),
  );
  client.destroy();
});
