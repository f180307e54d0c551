import type { RotationStep } from '../../dns/dkim/rotation';
import type { RecordVerdict } from '../../dns/records/record';
import type { Resolver } from '../../dns/resolver/answer';
import type { sendRecords } from '../../views/dnsPanel/sendUpdate';

/** Sends the records of a step as a DNS update. Resolves to what was done, in a sentence; undefined when the user left. */
export async function sendRotationRecords(
  keeping: Parameters<typeof sendRecords>[0],
  resolver: Resolver,
  { records = [], seen = [] }: RotationStep,
  domain: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [{ sendRecords: send }, { relativeName }] = await Promise.all([
    import('../../views/dnsPanel/sendUpdate'),
    import('../../dns/name'),
  ]);
  const observed = [...new Set(seen.flatMap(each => each.values))];
  const due = await Promise.all(
    records.map(async ({ name, type, value }): Promise<RecordVerdict> => {
      const { zone = domain } = await resolver.query(name, 'SOA', signal);
      return {
        name,
        type,
        value,
        zone,
        relativeName: relativeName(name, zone),
        purpose: 'dkim',
        requirement: 'required',
        why: '',
        findings: [],
        observed,
        status: observed.length > 0 ? 'wrong' : 'missing',
      };
    }),
  );
  return send(keeping, due, signal);
}
