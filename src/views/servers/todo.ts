import type { DnsState, ServerSnapshot } from '../../app/snapshot';
import type { CertificateFacts, ChasquidFacts, DkimKeyFacts, DomainFacts } from '../../host/facts/facts';

/** Days before its end from which a certificate should have been renewed: those of Let's Encrypt are with 30 left. */
export const renewalDays = 15;

/** What a user has to do for a domain's mail to be trusted: a sentence each. `dns`: its last check, where there was one. */
export function domainTodo(domain: DomainFacts, dns: DnsState | undefined): string[] {
  return [
    ...(domain.senders.length === 0 ? [`Nobody can send as @${domain.name} yet: add a sender.`] : []),
    // The check of the DNS tells the same as a missing record.
    ...(domain.dkim.length === 0 && !dns
      ? [`There is no DKIM key, so mail is not signed: Set Up Server makes one.`]
      : []),
    ...domain.dkim.flatMap(keyTodo),
    ...(dns?.errors ?? []),
  ];
}

export function keyTodo({ selector, readable, usable, loaded }: DkimKeyFacts): string[] {
  if (readable === false)
    return [`chasquid cannot read the DKIM key ${selector}: the step Permissions of Set Up Server fixes that.`];
  if (usable === false)
    return [
      `Mail is not signed: dkimsign on this server cannot read the format of the DKIM key ${selector}. The step DKIM key of Set Up Server rewrites it.`,
    ];
  if (loaded === false)
    return [`chasquid has not read the DKIM key ${selector} yet: restart the service, so that it signs with it.`];
  return [];
}

/** What a user has to do for a server, its domains included. Empty where nothing is known of chasquid. */
export function serverTodo({ facts, dns }: ServerSnapshot): string[] {
  if (!facts?.chasquid) return [];
  const { domains, certificates } = facts.chasquid;
  return [
    ...facts.problems,
    ...(certificates.length === 0
      ? ['There is no TLS certificate, so chasquid does not start: Set Up Server gets one.']
      : []),
    ...certificates.flatMap(certificateTodo),
    ...(domains.length === 0 ? ['There is no mail domain yet: add one.'] : []),
    ...domains.flatMap(domain => domainTodo(domain, dns[domain.name])),
  ];
}

function certificateTodo(certificate: CertificateFacts): string[] {
  const days = daysLeft(certificate);
  if (days < 0) return [`The certificate ${certificate.name} has expired: renew it.`];
  if (days < renewalDays)
    return [`The certificate ${certificate.name} ends in ${days} days and was not renewed: renew it.`];
  return certificate.readable === false
    ? [`chasquid cannot read the certificate ${certificate.name}: the step Permissions of Set Up Server fixes that.`]
    : [];
}

/** Whole days until it ends; negative when it has. */
export function daysLeft({ notAfter }: CertificateFacts): number {
  return Math.floor((notAfter - Date.now() / 1000) / 86400);
}

/** Whether each domain was checked and nothing is left to do. */
export function isHealthy(server: ServerSnapshot, { domains }: ChasquidFacts): boolean {
  return domains.every(domain => server.dns[domain.name] !== undefined) && serverTodo(server).length === 0;
}

/** `1 thing to do`, `2 things to do`. */
export function thingsToDo(count: number): string {
  return `${count} ${count === 1 ? 'thing' : 'things'} to do`;
}
