import type { ExpectedRecord } from '../records/record';
import type { Inquiry, Judgement } from '../check/inquiry';
import { canonicalAddress, isPublicAddress, sameAddress } from '../address';
import { finding } from '../check/findings';
import { judged, missing, unanswered } from '../check/inquiry';
import { blocklistFindings } from './blocklist';

/** A and AAAA of the server's name: every address of the server, and no others. */
export async function judgeAddress(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const { facts, host } = inquiry;
  const v4 = record.type === 'A';
  const [answer, other, listed] = await Promise.all([
    inquiry.ask(host, record.type),
    inquiry.ask(host, v4 ? 'AAAA' : 'A'),
    record.value ? blocklistFindings(record.value, inquiry) : [],
  ]);
  if (answer.state === 'failed') return unanswered(answer);
  const findings = [...listed];
  if (record.value && !isPublicAddress(record.value))
    findings.push(
      finding(
        'address-not-public',
        `${record.value} is a private address.`,
        'Use the address that the internet sees, if there is one.',
      ),
    );

  if (answer.values.length === 0) return missing(record, findings);

  if (answer.aliases.length > 0)
    findings.push(
      finding(
        'host-is-alias',
        `${host} is an alias of ${answer.aliases.at(-1)}.`,
        `Replace the CNAME of ${host} with ${record.type} ${record.value}.`,
      ),
    );
  const own = (v4 ? facts.ipv4 : facts.ipv6).map(address => canonicalAddress(address) ?? address);
  const first = own[0] === record.value;
  if (!answer.values.some(value => sameAddress(value, record.value))) {
    const ours = answer.values.some(value => own.some(address => sameAddress(address, value)));
    findings.push(
      finding(
        'address-wrong',
        `${host} resolves to ${answer.values.join(', ')}${ours ? ', but not to' : ' instead of'} ${record.value}.`,
        ours
          ? `Add the ${record.type} record ${record.value}.`
          : `Change the ${record.type} record to ${record.value}.`,
      ),
    );
  } else if (first) {
    const extra = answer.values.filter(value => !own.some(address => sameAddress(address, value)));
    if (extra.length > 0)
      findings.push(
        finding(
          'address-extra',
          `${host} also resolves to ${extra.join(', ')}, which is not this server.`,
          `Remove the ${record.type} record of ${extra.join(', ')}.`,
        ),
      );
  }
  const otherOwn = v4 ? facts.ipv6 : facts.ipv4;
  if (first && otherOwn.length === 0 && other.values.length > 0) {
    const type = v4 ? 'AAAA' : 'A';
    findings.push(
      finding(
        'address-other-family',
        `${host} has the ${type} record ${other.values.join(', ')}, which is not among the known addresses of this server.`,
        `Remove the ${type} record, or give the server that address.`,
      ),
    );
  }
  return judged(answer.values, findings);
}
