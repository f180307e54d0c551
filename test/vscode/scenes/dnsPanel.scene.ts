import { join } from 'node:path';
import { parseServer } from '../../../src/dns/resolver/wire';
import { changedZone, facts, otherKey, rightZone } from '../../support/records';
import { startDns, type TestDns } from '../../support/dns';
import { panelExtension, panelSettings } from '../window/dnsStage';
import type { Workbench } from '../window/workbench';
import type { Scene } from './scene';

const title = 'DNS · example.test';
const zones = ['', 'test', 'example.test', '2.0.192.in-addr.arpa'];
let servers: TestDns[] = [];

const mixed = changedZone(
  ['s1._domainkey.example.test TXT', 'example.test TXT', 'example.test MX', 'mail.example.test AAAA'],
  [
    `s1._domainkey.example.test TXT v=DKIM1; k=rsa; p=${otherKey}`,
    'example.test TXT v=spf1 include:_spf.google.test ptr ~all',
    '_spf.google.test TXT v=spf1 ip4:198.51.100.0/24 ~all',
    'example.test MX 10 alias.example.test',
    'alias.example.test CNAME mail.example.test',
    '_dmarc.example.test DROP',
    'example.test DNSKEY x',
  ],
);

/** The DNS panel: empty, mixed and green, wide and 400 px narrow. */
const scene: Scene = {
  async prepare(folder) {
    servers = [await startDns('', { zones }), await startDns('', { zones })];
    const addresses = servers.map(server => server.address);
    addresses.forEach(parseServer);
    return {
      extensions: [await panelExtension(join(folder, 'extension'))],
      settings: panelSettings(facts(), addresses),
      size: { width: 1280, height: 1000 },
    };
  },
  async play(workbench, picture) {
    try {
      await show(workbench, ['', ''], '8 records stop your mail');
      await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
      await picture('empty');
      await show(
        workbench,
        [mixed, changedZone([], ['example.test MX 10 old.example.test'])],
        '5 records stop your mail',
      );
      await picture('mixed');
      await narrow(workbench);
      await picture('mixed-400');
      await wide(workbench);
      await unfold(workbench, 'record-mx-MX');
      await picture('mixed-servers');
      await narrow(workbench);
      await picture('mixed-servers-400');
      await wide(workbench);
      const secure = `${rightZone()}\nexample.test SECURE`;
      await show(workbench, [secure, secure], 'All required records are OK');
      await picture('green');
      await narrow(workbench);
      await picture('green-400');
      await wide(workbench);
      const frame = await workbench.webview(title);
      await frame.click('[data-testid="record-dmarc-TXT-toggle"]');
      await unfold(workbench, 'record-dmarc-TXT');
      await frame.selectOption('[data-testid="record-dmarc-TXT-policy"]', 'quarantine');
      await picture('builder');
      await narrow(workbench);
      await picture('builder-400');
      await wide(workbench);
      await frame.click('[data-testid="copy-all"]');
      await picture('menu');
    } finally {
      await Promise.all(servers.map(server => server.close()));
    }
  },
};

/** The activity bar takes 48 px, which leaves 400 px to the panel. */
const narrow = ({ page }: Workbench) => page.setViewportSize({ width: 448, height: 1000 });
const wide = ({ page }: Workbench) => page.setViewportSize({ width: 1280, height: 1000 });

async function show(workbench: Workbench, [first, second]: [string, string], verdict: string): Promise<void> {
  servers[0]!.load(first);
  servers[1]!.load(second);
  await workbench.runCommand('DNS Fixture: Show Records');
  const read = async () => (await workbench.webview(title)).locator('main').innerText();
  await workbench.until(
    `the verdict “${verdict}”`,
    () => read().catch(() => ''),
    seen => seen.includes(verdict) && seen.includes('Checked at'),
    60_000,
  );
}

async function unfold(workbench: Workbench, id: string): Promise<void> {
  const frame = await workbench.webview(title);
  const card = frame.locator(`[data-testid="${id}"]`);
  for (const summary of await card.locator('summary').all()) await summary.click();
  await card.evaluate(element => element.scrollIntoView());
}

export default scene;
