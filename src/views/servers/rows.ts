import type { DnsState, ServerSnapshot } from '../../app/snapshot';
import type { ChasquidFacts, DomainFacts, HostFacts } from '../../host/facts/facts';
import { code, escape } from '../../text/markdown';
import { dkimRow } from './dkimRow';
import { attention, bad, good, type Row } from './row';
import { daysLeft, domainTodo, isHealthy, renewalDays, serverTodo, thingsToDo } from './todo';
import { timePassed } from '../../text/duration';

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
      return server.facts
        ? chasquidHeadline(server, server.facts.chasquid)
        : { text: 'checking…', icon: 'loading~spin' };
  }
}

function chasquidHeadline(server: ServerSnapshot, chasquid: ChasquidFacts | undefined): Headline {
  if (!chasquid) return { text: 'no chasquid yet', icon: 'vm' };
  const version = `chasquid ${shortVersion(chasquid.version)}`;
  switch (chasquid.service) {
    case 'active': {
      const todo = serverTodo(server).length;
      if (todo > 0) return { text: `${version} · ${thingsToDo(todo)}`, icon: 'warning', color: attention };
      return {
        text: `${version} · ${isHealthy(server, chasquid) ? 'healthy' : 'running'}`,
        icon: 'pass-filled',
        color: good,
      };
    }
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
    if (facts.chasquid) lines.push(`chasquid ${escape(facts.chasquid.version)}, ${code(facts.chasquid.configDir)}`);
    else lines.push('chasquid is not installed yet. *Set Up Server* installs it and all that it needs.');
    lines.push(...listed(facts.chasquid ? serverTodo(server) : facts.problems));
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
    tooltip: code(`${chasquid.configDir}/chasquid.conf`),
    command: { id: 'chasquid.openConfig', title: 'Edit chasquid.conf' },
  });
  return rows;
}

function serviceDescription(chasquid: ChasquidFacts): string {
  const words = { active: 'running', activating: 'starting', inactive: 'stopped', failed: 'failed' };
  const since = chasquid.since === undefined ? '' : ` for ${timePassed(Date.now() - chasquid.since * 1000)}`;
  return `${words[chasquid.service]}${since}`;
}

function domainRow(server: ServerSnapshot, domain: DomainFacts): Row {
  const base = { server: server.name, domain: domain.name };
  const id = `${server.name}/domain/${domain.name}`;
  const dns = server.dns[domain.name];
  const todo = domainTodo(domain, dns);
  return {
    ...base,
    id,
    label: domain.name,
    description: todo.length > 0 ? thingsToDo(todo.length) : dns ? 'OK' : '',
    icon: 'globe',
    ...(todo.length > 0 ? { color: attention } : {}),
    context: 'domain',
    tooltip: [`**${escape(domain.name)}** on ${escape(server.name)}`, ...listed(todo)].join('\n\n'),
    expanded: true,
    children: [
      {
        ...base,
        id: `${id}/dns`,
        label: 'DNS records',
        description: dns ? `${dns.ok} of ${dns.total} OK` : 'not checked yet',
        icon: 'list-unordered',
        ...(dns?.errors.length ? { color: attention } : {}),
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
      dkimRow(base, `${id}/dkim`, domain.dkim, dns),
    ],
  };
}

function listed(todo: readonly string[]): string[] {
  return todo.map(sentence => `⚠ ${escape(sentence)}`);
}

function dnsTooltip(dns: DnsState | undefined): string {
  return [
    'Every record that the domain needs: expected against observed.',
    ...listed(dns?.errors ?? []),
    ...(dns?.worse?.length ? [`Worse since the check before: ${dns.worse.map(escape).join(', ')}`] : []),
  ].join('\n\n');
}

function certificatesRow(server: string, chasquid: ChasquidFacts): Row {
  const days = chasquid.certificates.map(daysLeft);
  const least = Math.min(...days);
  const worst = days.length === 0 || least < 0 ? bad : least < renewalDays ? attention : undefined;
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
