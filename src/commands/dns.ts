import * as vscode from 'vscode';
import { dnsChoices } from '../app/dnsChoices';
import { DnsHistory } from '../app/dnsHistory';
import type { ServerSession } from '../app/session';
import { setting } from '../app/settings';
import { inProgress, showInformation, showInStatusBar } from '../app/window';
import type { ExportFormat } from '../dns/export/format';
import type { RecordVerdict } from '../dns/records/record';
import { changesPage } from '../views/pages/changes';
import { askChoice } from '../views/wizard';
import type { DnsPanelSource } from '../views/dnsPanel/panel';
import type { App } from './composedApp';
import { connected, defineCommand, followUp, pickDomain, pickServer, type ServerArgs } from './command';

export const showDnsRecords = defineCommand(async (app: App, args: ServerArgs) => {
  const { session, domain } = await pick(app, args, 'Show DNS Records');
  const { openDnsPanel } = await import('../views/dnsPanel/panel');
  return openDnsPanel(app.context, dnsSource(app, session, domain)).check();
});

export const checkDns = defineCommand(async (app: App, args: ServerArgs, { interactive }) => {
  const { session, domain } = await pick(app, args, 'Check DNS');
  const records = await checkWithProgress(app, session, domain);
  if (interactive) {
    const { summarize } = await import('../dns/check/summary');
    void showInformation(summarize(records).sentence, 'Show DNS Records').then(choice => {
      if (choice)
        void followUp('showDnsRecords', {
          server: session.name,
          domain,
        });
    });
  }
  return records;
});

interface ExportArgs extends ServerArgs {
  format?: ExportFormat;
}

export const copyDnsRecords = defineCommand(async (app: App, args: ExportArgs): Promise<string> => {
  const { text, domain, title } = await exported(app, args, 'Copy DNS Records');
  await vscode.env.clipboard.writeText(text);
  showInStatusBar(`Copied: the records of ${domain}, ${title}`);
  return text;
});

export const exportZone = defineCommand(async (app: App, args: ExportArgs): Promise<string> => {
  const { text, language } = await exported(app, args, 'Export DNS Records');
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: text, language }));
  return text;
});

export const showHealthReport = defineCommand(async (app: App, args: ServerArgs) => {
  const { session, domain } = await pick(app, args, 'Show Health Report');
  const records = await checkWithProgress(app, session, domain);
  const { healthReport } = await import('../dns/check/report');
  const text = healthReport(domain, records, new Date());
  await app.reports.show(`Health of ${domain}`, [
    text.trimEnd(),
    ...changesPage(new DnsHistory(app.context.globalState).changes(session.name, domain)),
  ]);
  return text;
});

const languages: Record<ExportFormat, string> = {
  plain: 'plaintext',
  bind: 'plaintext',
  octodns: 'yaml',
  dnscontrol: 'javascript',
  cloudflare: 'plaintext',
  route53: 'plaintext',
  nsupdate: 'plaintext',
};

/** All records of a domain as one text. They come from a check: an SPF record is merged into the one that exists. */
async function exported(app: App, args: ExportArgs, title: string) {
  const { session, domain } = await pick(app, args, title);
  const [{ exportRecords }, { exportTitles, isExportFormat }] = await Promise.all([
    import('../dns/export'),
    import('../dns/export/format'),
  ]);
  if (args.format !== undefined && !isExportFormat(args.format)) {
    throw new Error(
      `There is no format “${String(args.format)}”. DNS records can be exported as: ${Object.keys(exportTitles).join(', ')}. Choose one of these.`,
    );
  }
  const format =
    args.format ??
    (await askChoice(
      title,
      'Which format?',
      Object.entries(exportTitles).map(([value, label]) => ({ label, value: value as ExportFormat })),
    ));
  const records = await checkWithProgress(app, session, domain);
  return { text: exportRecords(records, format), domain, title: exportTitles[format], language: languages[format] };
}

async function pick(app: App, args: ServerArgs, title: string): Promise<{ session: ServerSession; domain: string }> {
  const session = await connected(await pickServer(app, args, title));
  return { session, domain: await pickDomain(session, args, title) };
}

function checkWithProgress(app: App, session: ServerSession, domain: string): Promise<RecordVerdict[]> {
  return inProgress(`Checking the DNS of ${domain}…`, signal => check(app, session, domain, signal));
}

/** The source of a panel that comes back after the window was reloaded. Undefined when its server is gone. */
export function restoredDnsSource(app: App, server: string, domain: string): DnsPanelSource | undefined {
  const session = app.sessions.get(server);
  return session && dnsSource(app, session, domain);
}

function dnsSource(app: App, session: ServerSession, domain: string): DnsPanelSource {
  return {
    server: session.name,
    domain,
    connectUnasked: () => session.remoteUnasked(),
    whenConnected: signal => app.sessions.whenConnected(session, signal),
    load: async signal => ({ records: await check(app, session, domain, signal) }),
    choose: () => followUp('chooseDnsOptions', { server: session.name, domain }),
    send: async (records, signal) => {
      const { sendRecords } = await import('../views/dnsPanel/sendUpdate');
      return sendRecords(
        { secrets: app.secrets, globalState: app.context.globalState, server: session.name },
        records,
        signal,
      );
    },
  };
}

/** One check of everything the domain needs; the sidebar's row takes the count, the history what changed. */
async function check(app: App, session: ServerSession, domain: string, signal: AbortSignal): Promise<RecordVerdict[]> {
  const [{ checkDomain }, { recordFacts }, { mailHostResolver }, { openView }, { parseServer }, { summarize }] =
    await Promise.all([
      import('../dns/check/check'),
      import('../host/facts/recordFacts'),
      import('../host/mailHostResolver'),
      import('../dns/check/view'),
      import('../dns/resolver/wire'),
      import('../dns/check/summary'),
    ]);
  const [facts, remote] = [await session.refresh(), await session.remote()];
  const chosen = setting<string[]>('dns.resolvers', []).map(parseServer);
  const own = recordFacts(facts, domain, remote.peer.address, dnsChoices(domain));
  const timeoutMs = setting('dns.timeout', 2000);
  const mailHost = await mailHostResolver(remote, { timeoutMs, signal });
  const { resolver, ...options } = openView(own, { servers: chosen, timeoutMs, mailHost });
  const records = await checkDomain(own, resolver, { ...options, signal });
  const { right, total } = summarize(records);
  const errors = records.filter(
    record => record.requirement === 'required' && ['wrong', 'missing'].includes(record.status),
  );
  const changes = await new DnsHistory(app.context.globalState).add(session.name, domain, records, Date.now());
  for (const { type, name, before, after, direction } of changes)
    app.log[direction === 'worse' ? 'warn' : 'info'](
      `${session.name}: DNS of ${domain}: ${type} ${name} is ${direction}: ${before} → ${after}`,
    );
  const worse = changes.filter(change => change.direction === 'worse');
  session.setDns(domain, {
    ok: right,
    total,
    errors: errors.map(failing),
    dkim: Object.fromEntries(
      records.filter(record => record.purpose === 'dkim').map(record => [record.subject ?? '', record.status]),
    ),
    worse: worse.map(({ type, name }) => `${type} ${name}`),
  });
  return records;
}

/** What is wrong with a record that is wrong or missing, in one sentence. */
function failing({ type, name, status, findings }: RecordVerdict): string {
  return (
    findings.find(finding => finding.severity === 'error')?.message ?? `The ${type} record at ${name} is ${status}.`
  );
}
