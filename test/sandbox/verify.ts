import type { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { authenticate } from 'mailauth';

export interface Verdict {
  spf: string;
  dkim: { domain: string; selector: string; algorithm: string; result: string }[];
  dmarc: string;
  /** The domain of `From:`, as DMARC saw it. */
  headerFrom: string;
  /** Which program judged, with its version. */
  verifiedBy: string;
}

const { version } = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('mailauth/package.json'), 'utf8'),
) as {
  version: string;
};

/** Judges a received message by SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 9989) with a library which is not ours. */
export async function verify(
  raw: Buffer,
  envelope: { ip: string; helo: string; from: string; mta: string },
  resolver: Resolver,
): Promise<Verdict> {
  const { ip, helo, from, mta } = envelope;
  const result = await authenticate(raw, {
    ip,
    helo,
    mta,
    sender: from,
    disableArc: true,
    disableBimi: true,
    resolver: async (name, type) => (await resolver.resolve(name, type)) as string[] | string[][],
  });
  return {
    spf: result.spf ? result.spf.status.result : 'none',
    dkim: result.dkim.results
      .filter(({ signingDomain }) => signingDomain)
      .map(one => ({
        domain: one.signingDomain ?? '',
        selector: one.selector ?? '',
        algorithm: one.algo ?? '',
        result: one.status.result,
      })),
    dmarc: result.dmarc ? result.dmarc.status.result : 'none',
    headerFrom: result.dmarc ? (result.dmarc.domain ?? '') : '',
    verifiedBy: `mailauth ${version}`,
  };
}
