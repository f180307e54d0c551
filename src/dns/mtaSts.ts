import { createHash } from 'node:crypto';

/** A policy of RFC 8461 §3.2, as fetched. */
export interface StsPolicy {
  mode: 'enforce' | 'testing' | 'none';
  /** Names of mail hosts; `*.` stands for one label. Empty only in mode `none`. */
  mx: string[];
  /** Seconds, at most one year. */
  maxAge: number;
}

/** Where the policy of a domain lives (RFC 8461 §3.3). */
export function policyUrl(domain: string): string {
  return `https://mta-sts.${domain}/.well-known/mta-sts.txt`;
}

/** The policy to serve: testing first, so that a mistake delays nothing; a week of memory. */
export function policyText(hosts: string[]): string {
  return ['version: STSv1', 'mode: testing', ...hosts.map(host => `mx: ${host}`), 'max_age: 604800', ''].join('\r\n');
}

/** The `id=` of a policy: 1–32 letters and digits which change when the policy does (RFC 8461 §3.1). */
export function policyId(policy: string): string {
  return createHash('sha256').update(policy).digest('hex').slice(0, 20);
}

/**
 * Reads a policy file (RFC 8461 §3.2). Unknown keys are ignored, as the RFC asks; of a key given twice the first one counts, except `mx`.
 * @throws Error with one sentence naming the first thing that makes senders ignore the policy.
 */
export function parsePolicy(text: string): StsPolicy {
  const pairs = text
    .split(/\r?\n/)
    .filter(line => line.trim() !== '')
    .map(line => {
      const at = line.indexOf(':');
      return [line.slice(0, Math.max(at, 0)).trim(), line.slice(at + 1).trim()] as const;
    });
  const first = (key: string) => pairs.find(([name]) => name === key)?.[1];
  if (first('version') !== 'STSv1') throw new Error('its version line is not “version: STSv1”');
  const mode = first('mode');
  if (mode !== 'enforce' && mode !== 'testing' && mode !== 'none')
    throw new Error('its mode is none of enforce, testing and none');
  const age = first('max_age') ?? '';
  if (!/^\d{1,10}$/.test(age) || Number(age) > 31_557_600)
    throw new Error('its max_age is not a number of seconds up to 31557600');
  const mx = pairs.filter(([name]) => name === 'mx').map(([, value]) => value.toLowerCase());
  if (mode !== 'none' && mx.length === 0) throw new Error('it names no mx');
  return { mode, mx, maxAge: Number(age) };
}

/** Whether a policy allows a mail host: the same name, or `*.` in place of exactly one label (RFC 8461 §4.1). */
export function policyAllows(policy: StsPolicy, host: string): boolean {
  const name = host.toLowerCase();
  return policy.mx.some(pattern =>
    pattern.startsWith('*.') ? name.slice(name.indexOf('.') + 1) === pattern.slice(2) : name === pattern,
  );
}
