import { cachedResolver } from '../dns/resolver/cache';
import { serverResolver, systemServers } from '../dns/resolver/servers';
import { visible } from '../text/visible';
import { analyzeMessage } from '../mail/analyze';
import type { MessageAnalysis } from '../mail/messageAnalysis';
import { namedFile } from './nodeFiles';
import { resolversOf } from './resolvers';
import { formatOf, parseCommand, Unreadable, Usage } from './usage';

/** `chasquid-check message`. Resolves to the exit status. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, {
    format: { type: 'string' },
    resolver: { type: 'string', multiple: true },
  });
  const format = formatOf(values.format, ['text', 'json']);
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new Usage('Name one file that holds the original of a message.');
  const servers = values.resolver ? await resolversOf(values.resolver) : systemServers();
  const raw = await namedFile(file);
  const analysis = await analyzeMessage(raw, cachedResolver(serverResolver({ servers }))).catch((error: unknown) => {
    throw error instanceof RangeError ? new Unreadable(`${file}: ${error.message}`) : error;
  });
  process.stdout.write(format === 'json' ? `${JSON.stringify(analysis, null, 2)}\n` : text(analysis));
  return analysis.findings.some(finding => finding.severity === 'error') ? 1 : 0;
}

function text({ tls, spf, dkim, dmarc, ip, findings }: MessageAnalysis): string {
  const rows: [string, string, string][] = [
    ['TLS', tls.result, tls.reason],
    ['SPF', spf.result, spf.reason],
    ...dkim.map((one): [string, string, string] => ['DKIM', one.result, one.reason]),
    ['DMARC', dmarc.result, dmarc.reason],
    ['IP', ip.family ?? 'none', ip.address ?? 'unknown'],
  ];
  const lines = rows.map(([what, result, reason]) => `${what.padEnd(6)} ${result.padEnd(10)} ${reason}`);
  for (const { severity, message, why, fix, code } of findings) {
    lines.push(`${severity}: ${message}${why ? ` ${why}` : ''} [${code}]`, ...(fix ? [`  → ${fix}`] : []));
  }
  return `${lines.map(line => visible(line, Infinity)).join('\n')}\n`;
}
