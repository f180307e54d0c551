import type { ExpectedRecord } from '../records/record';
import { recordIds } from '../records/recordIds';
import { quoteString, splitStrings } from '../characterStrings';
import { defaultTtl, rdata } from './bind';
import { absolute, byZone, caaParts, identifier, mxParts, recordSets, tlsaParts } from './zones';

/** Resources for the Cloudflare provider, version 5: one a record. */
export function cloudflareTerraform(records: readonly ExpectedRecord[]): string {
  const ids = recordIds(records);
  return byZone(records)
    .flatMap(([zone, own]) =>
      own.map(record => {
        const attributes = [
          `zone_id = var.zone_ids[${hcl(zone)}]`,
          `name    = ${hcl(record.name)}`,
          `type    = ${hcl(record.type)}`,
          `ttl     = ${defaultTtl}`,
          ...cloudflareData(record),
        ];
        return resource(
          'cloudflare_dns_record',
          ids[records.indexOf(record)]!.toLowerCase().replace(/[^a-z0-9]+/g, '_'),
          attributes,
        );
      }),
    )
    .join('\n')
    .concat('\n', zoneVariable('Cloudflare zone ids by zone name'));
}

function cloudflareData(record: ExpectedRecord): string[] {
  switch (record.type) {
    case 'MX': {
      const { preference, exchange } = mxParts(record.value);
      return [`content = ${hcl(exchange)}`, `priority = ${preference}`];
    }
    case 'TXT':
      return [`content = ${hcl(splitStrings(record.value).map(quoteString).join(' '))}`];
    case 'CAA': {
      const { flags, tag, text } = caaParts(record.value);
      return [`data    = { flags = ${flags}, tag = ${hcl(tag)}, value = ${hcl(text)} }`];
    }
    case 'TLSA': {
      const { usage, selector, matching, data } = tlsaParts(record.value);
      return [
        `data    = { usage = ${usage}, selector = ${selector}, matching_type = ${matching}, certificate = ${hcl(data)} }`,
      ];
    }
    default:
      return [`content = ${hcl(record.value)}`];
  }
}

/** Resources for the AWS provider: one a record set. */
export function route53Terraform(records: readonly ExpectedRecord[]): string {
  return byZone(records)
    .flatMap(([zone, own]) =>
      recordSets(own).map(set => {
        const first = set[0]!;
        const values = set.map(record => hcl(record.type === 'TXT' ? route53Text(record.value) : rdata(record)));
        return resource('aws_route53_record', `${identifier(first)}_${first.type.toLowerCase()}`, [
          `zone_id = var.zone_ids[${hcl(zone)}]`,
          `name    = ${hcl(absolute(first.name))}`,
          `type    = ${hcl(first.type)}`,
          `ttl     = ${defaultTtl}`,
          `records = [${values.join(', ')}]`,
        ]);
      }),
    )
    .join('\n')
    .concat('\n', zoneVariable('Route 53 hosted zone ids by zone name'));
}

/** The AWS provider adds the outer quotation marks; strings within are divided by `""`. */
function route53Text(value: string): string {
  return splitStrings(value)
    .map(part => quoteString(part).slice(1, -1))
    .join('""');
}

function resource(type: string, name: string, attributes: string[]): string {
  return `resource "${type}" "${name}" {\n${attributes.map(line => `  ${line}`).join('\n')}\n}\n`;
}

function zoneVariable(description: string): string {
  return `variable "zone_ids" {\n  description = ${hcl(description)}\n  type        = map(string)\n}\n`;
}

/** A string of HCL: as JSON, with template markers made inert. */
function hcl(text: string): string {
  return JSON.stringify(text).replace(/[$%]\{/g, match => `${match[0]}${match}`);
}
