import { generateKeyPairSync } from 'node:crypto';
import { publicKeyOf } from '../../src/dns/dkim/key';
import type { DomainRecordFacts } from '../../src/dns/records/facts';
import { expectedRecords } from '../../src/dns/records/expected';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const otherPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
export const otherKey = publicKeyOf(otherPair.publicKey.export({ type: 'spki', format: 'pem' }) as string).publicKey;
export const key = publicKeyOf(pem).publicKey;
/** The same key as RSAPublicKey, without the structure around it. */
export const bareKey = pair.publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64');

/** A public key of fewer bits than is wise, as `p=` carries it. */
export function shortKey(modulusLength: number): string {
  return generateKeyPairSync('rsa', { modulusLength })
    .publicKey.export({ type: 'spki', format: 'der' })
    .toString('base64');
}

/** A server with both address families, whose domain is `example.test`. */
export function facts(change: Partial<DomainRecordFacts> = {}): DomainRecordFacts {
  return {
    domain: 'example.test',
    hostname: 'mail.example.test',
    ipv4: ['192.0.2.1'],
    ipv6: ['2001:db8::1'],
    dkim: [{ selector: 's1', algorithm: 'rsa', publicKey: key }],
    receives: true,
    ...change,
  };
}

/** The zone in which everything is as expected, as `startDns` reads it. */
export function rightZone(of: DomainRecordFacts = facts()): string {
  return expectedRecords(of)
    .map(({ name, type, value }) => `${name} ${type} ${value}`)
    .concat('mta-sts.example.test A 192.0.2.80')
    .join('\n');
}

/** A zone with lines taken out (by their start, e.g. `example.test MX`) and others added. */
export function changedZone(remove: string[], add: string[], of: DomainRecordFacts = facts()): string {
  const lines = rightZone(of).split('\n');
  return [...lines.filter(line => !remove.some(start => line.startsWith(`${start} `) || line === start)), ...add].join(
    '\n',
  );
}
