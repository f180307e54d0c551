import { domainToUnicode } from 'node:url';
import { normalizeUser } from '../../chasquid/normalize';
import { dnsNameRule, reasonOf, senderRule } from '../../chasquid/rules';
import { quotable } from '../../text/visible';

export interface SenderAddress {
  /** As chasquid keeps it (PRECIS UsernameCaseMapped). */
  user: string;
  /** The domain's folder may be named in either form. */
  domain: { unicode: string; ascii: string };
}

/**
 * The parts of a sender's address as they are on the server. It may be one that `senderRule` does not allow for new senders.
 * @throws RangeError for what chasquid cannot keep as a sender.
 */
export function senderAddress(address: string): SenderAddress {
  const at = address.lastIndexOf('@');
  const user = at > 0 ? normalizeUser(address.slice(0, at)).value : undefined;
  const name = dnsNameRule(address.slice(at + 1));
  if (user === undefined || 'reason' in name) {
    throw new RangeError(
      `“${quotable(address, 80)}” is not the address of a sender. ${reasonOf(senderRule(address)) ?? 'It looks like newsletter@example.com.'}`,
    );
  }
  return { user, domain: { ascii: name.value, unicode: domainToUnicode(name.value) } };
}
