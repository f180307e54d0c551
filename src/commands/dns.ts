import * as vscode from 'vscode';
import type { ServerSession } from '../app/session';
import { setting } from '../app/settings';
import type { RecordVerdict } from '../dns/record';
import type { DnsPanelSource } from '../views/dnsPanel/panel';
import type { App } from './app';
import { connected, defineCommand, pickDomain, pickServer, type ServerArgs } from './command';

export const showDnsRecords = defineCommand('showDnsRecords', async (app: App, args: ServerArgs) => {
  const session = await connected(await pickServer(app, args, 'Show DNS Records'));
  const domain = await pickDomain(session, args, 'Show DNS Records');
  const { openDnsPanel } = await import('../views/dnsPanel/panel');
  return openDnsPanel(app.context, dnsSource(app, session, domain)).check();
});

export const checkDns = defineCommand('checkDns', async (app: App, args: ServerArgs) => {
  const session = await connected(await pickServer(app, args, 'Check DNS'));
  const domain = await pickDomain(session, args, 'Check DNS');
  const records = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Checking the DNS of ${domain}…`, cancellable: true },
    (_progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort(new Error('Cancelled.')));
      return check(session, domain, abort.signal);
    },
  );
  if (args.domain === undefined || 'context' in args) {
    const { summarize } = await import('../dns/summary');
    void vscode.window.showInformationMessage(summarize(records).sentence, 'Show DNS Records').then(choice => {
      if (choice)
        void vscode.commands.executeCommand('chasquid.showDnsRecords', {
          server: session.name,
          domain,
          context: 'domain',
        });
    });
  }
  return records;
});

/** The source of a panel that comes back after the window was reloaded. Undefined when its server is gone. */
export function restoredDnsSource(app: App, server: string, domain: string): DnsPanelSource | undefined {
  const session = app.sessions.get(server);
  return session && dnsSource(app, session, domain);
}

function dnsSource(app: App, session: ServerSession, domain: string): DnsPanelSource {
  return {
    server: session.name,
    domain,
    load: async signal => ({ records: await check(session, domain, signal) }),
    send: async (records, signal) => {
      const { sendRecords } = await import('../views/dnsPanel/sendUpdate');
      return sendRecords(app.context, records, signal);
    },
  };
}

/** One check of everything the domain needs; the sidebar's row takes the count. */
async function check(session: ServerSession, domain: string, signal: AbortSignal): Promise<RecordVerdict[]> {
  const [{ checkDomain }, { recordFacts }, { openView }, { parseServer }, { summarize }] = await Promise.all([
    import('../dns/check'),
    import('../host/recordFacts'),
    import('../dns/view'),
    import('../dns/resolver/wire'),
    import('../dns/summary'),
  ]);
  const [facts, remote] = [await session.refresh(), await session.remote()];
  const chosen = setting<string[]>('dns.resolvers', []).map(parseServer);
  const own = recordFacts(facts, domain, remote.peer.address);
  const { resolver, ...options } = openView(own, { servers: chosen, timeoutMs: setting('dns.timeout', 2000) });
  const records = await checkDomain(own, resolver, { ...options, signal });
  const { right, total } = summarize(records);
  const errors = records.filter(
    record => record.requirement === 'required' && ['wrong', 'missing'].includes(record.status),
  ).length;
  session.setDns(domain, { ok: right, total, errors });
  return records;
}
