import type { DnsState, ServerSnapshot } from '../../app/snapshot';
import type { ChasquidFacts, DomainFacts, HostFacts } from '../../host/facts';
import { escape } from '../markdown';

/** A row of the tree. `server`, `domain` and `address` are the inputs that commands take from it. */
export interface Row {
  id: string;
  server: string;
  domain?: string;
  address?: string;
  label: string;
  description?: string;
  /** Codicon, and the theme colour it is tinted with; the description says the same in words. */
  icon: string;
  color?: string;
  /** Words that `when` clauses look for in `viewItem`. */
  context: string;
  tooltip: string;
  command?: { id: string; title: string };
  children: Row[];
  expanded?: boolean;
}

const good = 'testing.iconPassed';
const bad = 'testing.iconFailed';
const attention = 'list.warningForeground';

export function serverRow(server: ServerSnapshot): Row {
  const head = headline(server);
  const chasquid = server.facts?.chasquid;
  const connected = server.state === 'connected';
  return {
    id: server.name,
    server: server.name,
    label: server.name,
    description: head.text,
    icon: head.icon,
    ...(head.color ? { color: head.color } : {}),
    context: [
      'server',
      connected ? 'connected' : server.state === 'connecting' ? 'connecting' : 'offline',
      connected && server.facts && !chasquid ? 'bare' : '',
      chasquid ? 'chasquid' : '',
    ]
      .filter(Boolean)
      .join(' '),
    tooltip: serverTooltip(server, head.text),
    ...(connected || server.state === 'connecting' ? {} : { command: { id: 'chasquid.connect', title: 'Connect' } }),
    children: server.facts ? serverChildren(server, server.facts) : [],
    expanded: true,
  };
}

interface Headline {
  text: string;
  icon: string;
  color?: string;
}

function headline(server: ServerSnapshot): Headline {
  switch (server.state) {
    case 'offline':
      return { text: 'not connected', icon: 'circle-outline' };
    case 'connecting':
      return { text: 'connecting…', icon: 'loading~spin' };
    case 'lost':
      return { text: 'connection lost', icon: 'debug-disconnect', color: attention };
    case 'failed':
      return { text: server.failure?.short ?? 'not reachable', icon: 'warning', color: attention };
    case 'connected':
      return server.facts ? chasquidHeadline(server.facts.chasquid) : { text: 'checking…', icon: 'loading~spin' };
  }
}

function chasquidHeadline(chasquid: ChasquidFacts | undefined): Headline {
  if (!chasquid) return { text: 'no chasquid yet', icon: 'vm' };
  const version = `chasquid ${shortVersion(chasquid.version)}`;
  switch (chasquid.service) {
    case 'active':
      return { text: `${version} · running`, icon: 'pass-filled', color: good };
    case 'activating':
      return { text: `${version} · starting…`, icon: 'loading~spin' };
    case 'failed':
      return { text: `${version} · failed`, icon: 'error', color: bad };
    case 'inactive':
      return { text: `${version} · stopped`, icon: 'circle-slash', color: attention };
  }
}

/** `1.15.0-1+b4` → `1.15.0`: Debian's revision belongs in the tooltip. */
export function shortVersion(version: string): string {
  return /^\d+(\.\d+)*/.exec(version)?.[0] ?? version;
}

function serverTooltip(server: ServerSnapshot, state: string): string {
  const lines = [`**${escape(server.name)}** — ${escape(state)}`, escape(server.address)];
  if (server.failure && server.state === 'failed') lines.push(escape(server.failure.message));
  if (server.facts) {
    const { facts } = server;
    lines.push(
      `${escape(facts.os.prettyName)} · ${facts.memoryMb} MB memory · ${Math.round(facts.diskFreeMb / 1024)} GB free`,
    );
    if (facts.chasquid)
      lines.push(`chasquid ${escape(facts.chasquid.version)}, \`${escape(facts.chasquid.configDir)}\``);
    else lines.push('chasquid is not installed yet. *Set Up Server* installs it and all that it needs.');
    for (const problem of facts.problems) lines.push(`⚠ ${escape(problem)}`);
  }
  return lines.join('\n\n');
}

function serverChildren(server: ServerSnapshot, facts: HostFacts): Row[] {
  const { chasquid } = facts;
  if (!chasquid) return [];
  const base = { server: server.name, children: [] };
  const rows: Row[] = chasquid.domains.map(domain => domainRow(server, domain));
  rows.push(certificatesRow(server.name, chasquid));
  if (chasquid.queueLength !== undefined) {
    rows.push({
      ...base,
      id: `${server.name}/queue`,
      label: 'Queue',
      description: chasquid.queueLength === 0 ? 'empty' : `${chasquid.queueLength} waiting`,
      icon: 'inbox',
      context: 'queue',
      tooltip: 'Messages that wait for delivery. chasquid tries again for 20 hours before it gives up.',
      command: { id: 'chasquid.showQueue', title: 'Show Queue' },
    });
  }
  rows.push({
    ...base,
    id: `${server.name}/service`,
    label: 'Service',
    description: serviceDescription(chasquid),
    icon: 'pulse',
    context: 'service',
    tooltip: 'The systemd unit `chasquid.service`.',
    command: { id: 'chasquid.showStatus', title: 'Show Service Status' },
  });
  rows.push({
    ...base,
    id: `${server.name}/config`,
    label: 'Configuration',
    description: 'chasquid.conf',
    icon: 'settings-gear',
    context: 'config',
    tooltip: `\`${escape(chasquid.configDir)}/chasquid.conf\``,
    command: { id: 'chasquid.openConfig', title: 'Edit chasquid.conf' },
  });
  return rows;
}

function serviceDescription(chasquid: ChasquidFacts): string {
  const words = { active: 'running', activating: 'starting', inactive: 'stopped', failed: 'failed' };
  const since = chasquid.since === undefined ? '' : ` for ${duration(Date.now() / 1000 - chasquid.since)}`;
  return `${words[chasquid.service]}${since}`;
}

function domainRow(server: ServerSnapshot, domain: DomainFacts): Row {
  const base = { server: server.name, domain: domain.name };
  const id = `${server.name}/domain/${domain.name}`;
  const dns = server.dns[domain.name];
  const todo = (dns?.errors ?? 0) + (domain.senders.length === 0 ? 1 : 0);
  return {
    ...base,
    id,
    label: domain.name,
    description: todo > 0 ? `${todo} ${todo === 1 ? 'thing' : 'things'} to do` : dns ? 'all right' : '',
    icon: 'globe',
    ...(todo > 0 ? { color: attention } : {}),
    context: 'domain',
    tooltip: `**${escape(domain.name)}** on ${escape(server.name)}`,
    expanded: true,
    children: [
      {
        ...base,
        id: `${id}/dns`,
        label: 'DNS records',
        description: dns ? `${dns.ok} of ${dns.total} right` : 'not checked yet',
        icon: 'list-unordered',
        ...(dns?.errors ? { color: attention } : {}),
        context: 'dns',
        tooltip: dnsTooltip(dns),
        command: { id: 'chasquid.showDnsRecords', title: 'Show DNS Records' },
        children: [],
      },
      {
        ...base,
        id: `${id}/senders`,
        label: 'Senders',
        description: domain.senders.length === 0 ? 'none yet' : String(domain.senders.length),
        icon: 'organization',
        context: 'senders',
        tooltip: 'Accounts that may send mail through this server.',
        expanded: true,
        children: domain.senders.map(user => ({
          ...base,
          id: `${id}/senders/${user}`,
          address: `${user}@${domain.name}`,
          label: user,
          description: `${user}@${domain.name}`,
          icon: 'account',
          context: 'sender',
          tooltip: `${escape(`${user}@${domain.name}`)} may log in on ports 465 and 587 and send.`,
          children: [],
        })),
      },
      {
        ...base,
        id: `${id}/aliases`,
        label: 'Aliases',
        description: `${domain.aliasCount}${domain.catchAll ? ` · catch-all → ${domain.catchAll}` : ''}`,
        icon: 'mail',
        context: 'aliases',
        tooltip: `Where mail to ${escape(domain.name)} goes.`,
        command: { id: 'chasquid.openAliases', title: 'Edit Aliases' },
        children: [],
      },
      {
        ...base,
        id: `${id}/dkim`,
        label: 'DKIM',
        description:
          domain.dkim.length === 0 ? 'no key: mail is not signed' : domain.dkim.map(key => key.selector).join(', '),
        icon: 'key',
        ...(domain.dkim.length === 0 ? { color: attention } : {}),
        context: 'dkim',
        tooltip: domain.dkim
          .map(
            key =>
              `\`${escape(key.file)}\` — ${key.algorithm}${key.readable === false ? ', not readable by the daemon' : ''}`,
          )
          .join('\n\n'),
        children: [],
      },
    ],
  };
}

function dnsTooltip(dns: DnsState | undefined): string {
  return [
    'Every record that the domain needs: expected against observed.',
    ...(dns?.worst ? [`⚠ ${escape(dns.worst)}`] : []),
    ...(dns?.worse?.length ? [`Worse since the check before: ${dns.worse.map(escape).join(', ')}`] : []),
  ].join('\n\n');
}

function certificatesRow(server: string, chasquid: ChasquidFacts): Row {
  const now = Date.now() / 1000;
  const days = chasquid.certificates.map(certificate => Math.floor((certificate.notAfter - now) / 86400));
  const least = Math.min(...days);
  const worst = days.length === 0 || least < 0 ? bad : least < 15 ? attention : undefined;
  return {
    id: `${server}/certificates`,
    server,
    label: 'Certificates',
    description: days.length === 0 ? 'none' : least < 0 ? 'expired' : `${least} days left`,
    icon: 'lock',
    ...(worst ? { color: worst } : {}),
    context: 'certificates',
    tooltip: 'TLS certificates that chasquid loads when it starts.',
    children: chasquid.certificates.map((certificate, index) => ({
      id: `${server}/certificates/${certificate.name}`,
      server,
      label: certificate.name,
      description: (days[index] ?? 0) < 0 ? 'expired' : `${days[index]} days left`,
      icon: 'verified',
      context: 'certificate',
      tooltip: `${certificate.names.map(escape).join(', ')}\n\nIssued by ${escape(certificate.issuer)}, until ${new Date(certificate.notAfter * 1000).toLocaleDateString()}${certificate.readable !== false ? '' : '\n\n⚠ The daemon cannot read it.'}`,
      children: [],
    })),
  };
}

/** Seconds → `12 days`, `3 hours`, `4 min`, `5 s`. */
export function duration(seconds: number): string {
  const units: [number, string, string][] = [
    [86400, 'day', 'days'],
    [3600, 'hour', 'hours'],
    [60, 'min', 'min'],
  ];
  for (const [size, one, many] of units) {
    const count = Math.floor(seconds / size);
    if (count >= 1) return `${count} ${count === 1 ? one : many}`;
  }
  return `${Math.max(0, Math.floor(seconds))} s`;
}
