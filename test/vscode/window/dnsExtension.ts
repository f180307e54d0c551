// The DNS panel by itself: the product's own panel and check, of a domain whose server is described in the settings.
import * as vscode from 'vscode';
import { Secrets } from '../../../src/app/secrets';
import type { DomainRecordFacts } from '../../../src/dns/records/facts';
import { checkDomain } from '../../../src/dns/check/check';
import { parseServer } from '../../../src/dns/resolver/wire';
import { openView } from '../../../src/dns/check/view';
import type { DnsPanelSource } from '../../../src/views/dnsPanel/panel';
import { openDnsPanel } from '../../../src/views/dnsPanel/panel';
import { registerDnsPanels } from '../../../src/views/dnsPanel/register';
import { sendRecords } from '../../../src/views/dnsPanel/sendUpdate';

export function activate(context: vscode.ExtensionContext): void {
  const secrets = new Secrets(context.secrets);
  const settings = () => vscode.workspace.getConfiguration('dnsFixture');
  const source = (server: string, domain: string): DnsPanelSource => {
    const facts = { ...settings().get<DomainRecordFacts>('facts')!, domain };
    const servers = settings().get<string[]>('servers', []).map(parseServer);
    return {
      server,
      domain,
      connectUnasked: () => Promise.resolve(),
      whenConnected: () => Promise.resolve(),
      load: async signal => {
        const { resolver, ...options } = openView(facts, { servers });
        return { records: await checkDomain(facts, resolver, { ...options, signal }) };
      },
      choose: () => vscode.window.showInformationMessage('Options are asked for here.'),
      send: (records, signal) => sendRecords({ secrets, globalState: context.globalState, server }, records, signal),
    };
  };
  context.subscriptions.push(
    vscode.commands.registerCommand('dnsFixture.show', () =>
      openDnsPanel(context, source('mail.example.test', 'example.test')).check(),
    ),
    registerDnsPanels(context, (server, domain) => Promise.resolve(source(server, domain))),
  );
}
