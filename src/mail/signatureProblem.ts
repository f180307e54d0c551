import type { DkimVerdict } from './verdicts';

/** Why a message does not prove that `selector` signs for `domain`, in sentences; undefined when one signature of its does. */
export function signatureProblem(
  signatures: readonly Pick<DkimVerdict, 'domain' | 'selector' | 'result' | 'reason'>[],
  domain: string,
  selector: string,
): string | undefined {
  const own = signatures.filter(
    one => one.domain.toLowerCase() === domain.toLowerCase() && one.selector.toLowerCase() === selector.toLowerCase(),
  );
  if (own.some(one => one.result === 'pass')) return undefined;
  return own[0]
    ? `The signature by ${selector} is not valid: ${own[0].reason} The old key stays until a message verifies.`
    : `This message has no signature by ${selector} for ${domain}. It was sent before chasquid used the new key, or through another server. Send a new test mail and take its original.`;
}
