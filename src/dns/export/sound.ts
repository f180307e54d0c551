import { isIPv4, isIPv6 } from 'node:net';
import { quotable } from '../../text/visible';
import { isDnsName } from '../../input/domainName';
import type { ExpectedRecord } from '../records/record';

/** A record cannot be written down without changing what stands around it. The message is for people. */
export class ExportError extends Error {
  override name = 'ExportError';
}

/**
 * Names and values may come from a server or from the DNS, and end up in scripts and zone files that somebody runs: only what a record of
 * its type can hold is written. The text of a TXT record may hold anything, and is quoted.
 * @throws ExportError
 */
export function assertSound(records: readonly ExpectedRecord[]): void {
  for (const record of records) {
    const { name, zone, relativeName, type, value } = record;
    const strange = [name, ...(zone === '' ? [] : [zone])].find(text => !isDnsName(text));
    if (strange !== undefined || !(relativeName === '@' || isDnsName(relativeName)))
      throw new ExportError(
        `The records were not written: “${quotable(strange ?? relativeName, 80)}” is not a name that the DNS can hold. Check the names of the DKIM keys on the server.`,
      );
    if (!fits(type, value))
      throw new ExportError(
        `The records were not written: “${quotable(value, 80)}” cannot be the value of ${type} at ${name}. Check it in the DNS panel.`,
      );
  }
}

function fits(type: ExpectedRecord['type'], value: string): boolean {
  switch (type) {
    case 'A':
      return isIPv4(value);
    case 'AAAA':
      return isIPv6(value) && !value.includes('%');
    case 'TXT':
      return true;
    case 'MX': {
      const [, exchange] = /^\d{1,5} (\S+)$/.exec(value) ?? [];
      return exchange !== undefined && (exchange === '.' || isDnsName(exchange));
    }
    case 'CAA':
      return /^\d{1,3} [a-z0-9]{1,15} "[^"\\\p{C}\p{Z}]*(?: [^"\\\p{C}\p{Z}]*)*"$/iu.test(value);
    case 'TLSA':
      return /^\d{1,3} \d{1,3} \d{1,3} [0-9a-f]+$/i.test(value);
    default:
      return isDnsName(value);
  }
}
