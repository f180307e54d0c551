import * as vscode from 'vscode';
import { Cancelled } from '../app/cancelled';
import { readWorkspaceFile } from '../app/readWorkspaceFile';
import { setting } from '../app/settings';
import { inProgress } from '../app/window';
import type { Resolver } from '../dns/resolver/answer';
import type { MessageAnalysis } from '../mail/messageAnalysis';
import { looksLikeOriginal } from '../mail/original';
import { analysisPage } from '../views/pages/analysis';
import { askChoice } from '../views/wizard';
import type { App } from './composedApp';
import { defineCommand } from './command';

interface AnalyzeArgs {
  /** The original text of a message, with its header. */
  source?: string;
}

export const analyzeMessage = defineCommand(async (app: App, args: AnalyzeArgs): Promise<MessageAnalysis> => {
  const raw = args.source === undefined ? await chooseSource() : Buffer.from(args.source, 'utf8');
  const { analyzeMessage: analyze } = await import('../mail/analyze');
  const resolver = await dnsResolver();
  const analysis = await inProgress('Checking the message…', signal => analyze(raw, resolver, signal));
  await app.reports.show('Message analysis', analysisPage(analysis));
  return analysis;
});

/** Who is asked about messages: the servers of the settings, else the system's. */
export async function dnsResolver(): Promise<Resolver> {
  const [{ cachedResolver }, { serverResolver, systemServers }, { parseServer }] = await Promise.all([
    import('../dns/resolver/cache'),
    import('../dns/resolver/servers'),
    import('../dns/resolver/wire'),
  ]);
  const chosen = setting<string[]>('dns.resolvers', []).map(parseServer);
  const servers = chosen.length > 0 ? chosen : systemServers();
  return cachedResolver(serverResolver({ servers, timeoutMs: setting('dns.timeout', 2000) }));
}

/** From the editor when a message is open there, else from the clipboard or a file. */
export async function chooseSource(): Promise<Uint8Array> {
  const editor = vscode.window.activeTextEditor?.document;
  const opened = editor && looksLikeOriginal(editor.getText()) ? editor.getText() : undefined;
  const copied = await vscode.env.clipboard.readText();
  const where = await askChoice<'editor' | 'clipboard' | 'file'>(
    'Analyze Message',
    'Where is the original? (In Gmail: ⋮, Show original, Copy to clipboard)',
    [
      ...(opened === undefined
        ? []
        : [{ label: '$(file) The open editor', description: nameOf(editor!.uri), value: 'editor' as const }]),
      ...(looksLikeOriginal(copied)
        ? [{ label: '$(clippy) The clipboard', description: firstSubject(copied), value: 'clipboard' as const }]
        : []),
      { label: '$(folder-opened) A file…', description: '.eml', value: 'file' as const },
    ],
  );
  if (where === 'editor') return Buffer.from(opened!, 'utf8');
  if (where === 'clipboard') return Buffer.from(copied, 'utf8');
  const [file] =
    (await vscode.window.showOpenDialog({
      title: 'Original of a message',
      filters: { Messages: ['eml', 'txt', 'msg'], 'All files': ['*'] },
    })) ?? [];
  if (!file) throw new Cancelled();
  return readWorkspaceFile(file);
}

const nameOf = (uri: vscode.Uri): string => uri.path.slice(uri.path.lastIndexOf('/') + 1);
const firstSubject = (text: string): string => /^Subject:\s*(.{1,60})/im.exec(text)?.[1] ?? '';
