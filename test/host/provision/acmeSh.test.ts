import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { RootShell } from '../../../src/host/protocol/privilege';
import type { StepResult } from '../../../src/provision/plan';
import { runPlan } from '../../../src/provision/runner';
import type { Steps } from '../../../src/provision/step';
import { causeOf } from '../../../src/text/problem';
import { joinScripts } from '../../../src/ssh/shellScript';
import { Sandbox } from '../../sandbox';
import type { Host } from '../../sandbox/host';
import { connectRoot } from '../../support/connect';
import { Witness, ownStep, shippedSteps } from './support';

/** Answers for github.com on the host itself, with a certificate that it trusts, and gives what lies in /srv/site. */
const site = `
import functools, http.server, ssl
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory='/srv/site')
server = http.server.ThreadingHTTPServer(('127.0.0.1', 443), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('/root/ca/site.pem', '/root/ca/site.key')
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
`;
const release = '/srv/release/acme.sh-3.1.1';

describe('acme.sh, where the distribution has no package of it', () => {
  let world: Sandbox;
  let host: Host;
  let steps: Steps;
  let shell: RootShell & { connection: { close(): void } };
  let part: string;

  const install = async (digest?: string): Promise<StepResult> => {
    await host.sh(
      `tar -czf /srv/site/acmesh-official/acme.sh/archive/refs/tags/3.1.1.tar.gz -C /srv/release acme.sh-3.1.1; rm -rf /root/ran`,
    );
    const script = digest ? part.replace(/^acme_sh_digest=\w+$/m, `acme_sh_digest=${digest}`) : part;
    const step = ownStep(
      'fetch',
      '[ -e /root/ran ] && answer done yes || answer needed no',
      `set -e\n${script}\nacme_sh_install`,
    );
    const ui = new Witness(['skip']);
    const reconnect = () => connectRoot(host);
    const { results } = await runPlan({
      ...{ shell, steps: { ...steps, list: [step] }, chosen: ['fetch'], inputs: {} },
      ...{ mode: 'apply', ui, reconnect },
    });
    return results[0]!;
  };
  const digest = async () =>
    (
      await host.sh(
        `cd ${release} && find acme.sh deploy dnsapi notify -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-64`,
      )
    ).trim();

  before(async () => {
    steps = await shippedSteps();
    part = joinScripts([
      await readFile(join(import.meta.dirname, '../../../src/provision/steps/certificate/acme-sh.sh'), 'utf8'),
    ]);
    world = await Sandbox.boot({ hosts: [{ name: 'mail', suite: 'bookworm' }] });
    host = world.host('mail');
    shell = await connectRoot(host);
    await host.sh(
      `set -e; apt-get -qq update; apt-get -qq install -y --no-install-recommends curl openssl ca-certificates >/dev/null
      rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*; apt-get -qq update
      mkdir -p /root/ca /srv/site/acmesh-official/acme.sh/archive/refs/tags ${release}/dnsapi ${release}/deploy ${release}/notify
      new='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc'; cd /root/ca
      openssl req -x509 $new -days 30 -subj '/CN=A site authority' -keyout ca.key -out /usr/local/share/ca-certificates/site.crt
      openssl req -new $new -subj /CN=github.com -addext subjectAltName=DNS:github.com -keyout site.key |
        openssl x509 -req -CA /usr/local/share/ca-certificates/site.crt -CAkey ca.key -days 30 -copy_extensions copy >site.pem
      update-ca-certificates >/dev/null; echo '127.0.0.1 github.com' >>/etc/hosts
      cat >/root/site.py; systemd-run -q --unit=site python3 /root/site.py
      printf '#!/bin/sh\\necho "$@" >/root/ran\\n' >${release}/acme.sh
      for folder in deploy dnsapi notify; do echo : >${release}/$folder/one.sh; done
      for i in $(seq 100); do curl -s https://github.com/ >/dev/null && exit 0; sleep 0.1; done; exit 1`,
      { stdin: site },
    );
  });
  after(async () => {
    shell?.connection.close();
    await world?.close();
  });

  test('the release whose files have the known digest is installed', async () => {
    const result = await install(await digest());
    assert.equal(result.state, 'applied', JSON.stringify(result));
    assert.match(await host.sh('cat /root/ran'), /^--install --home \/root\/\.acme\.sh /);
  });

  test('any other is refused, and nothing of it is run', async () => {
    const known = await digest();
    const refused = async (expected = known) => {
      const result = await install(expected);
      assert.deepEqual([result.state, result.code], ['failed', 'acme-sh-altered'], JSON.stringify(result));
      assert.match(causeOf(result), /Nothing of it was run/);
      assert.equal((await host.exec('ls /root/ran /root/.acme.sh')).stdout, '');
    };
    assert.equal((await install()).code, 'acme-sh-altered', 'the digest of the shipped step is another one');
    for (const [change, back] of [
      ['echo : >>acme.sh', "sed -i '$d' acme.sh"],
      ['echo : >dnsapi/two.sh', 'rm dnsapi/two.sh'],
      ['mv notify/one.sh notify/two.sh', 'mv notify/two.sh notify/one.sh'],
      ['ln -s /dev/zero deploy/link', 'rm deploy/link'],
      ['mv dnsapi other', 'mv other dnsapi'],
    ]) {
      await host.sh(`cd ${release} && ${change}`);
      await refused();
      await host.sh(`cd ${release} && ${back}`);
    }
    assert.equal((await install(known)).state, 'applied', 'all is as it was');
  });

  test('what is no archive is refused as well', async () => {
    await host.sh(`rm -rf ${release}/*`);
    assert.equal((await install()).code, 'acme-sh-altered');
  });
});
