import type { ExpectedRecord } from '../records/record';
import type { ExportFormat } from './format';
import { bindZone } from './bind';
import { dnsControl } from './dnsControl';
import { nsupdateScript } from './nsupdate';
import { octoDns } from './octoDns';
import { plainTable } from './plain';
import { assertSound } from './sound';
import { cloudflareTerraform, route53Terraform } from './terraform';

const writers: Record<ExportFormat, (records: readonly ExpectedRecord[]) => string> = {
  plain: plainTable,
  bind: bindZone,
  octodns: octoDns,
  dnscontrol: dnsControl,
  cloudflare: cloudflareTerraform,
  route53: route53Terraform,
  nsupdate: nsupdateScript,
};

/** All records as one text. Reverse names come last: they belong to the provider's zone. @throws ExportError */
export function exportRecords(records: readonly ExpectedRecord[], format: ExportFormat): string {
  // Where the value is for somebody else to say, there is nothing to write.
  const known = records.filter(record => record.value !== '');
  const ours = known.filter(record => record.purpose !== 'ptr');
  const reverse = known.filter(record => record.purpose === 'ptr');
  assertSound(known);
  return writers[format]([...ours, ...reverse]);
}
