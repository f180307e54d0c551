/** The forms in which all records can be taken along, with the names that people read. */
export const exportTitles = {
  plain: 'Plain text',
  bind: 'BIND zone file',
  octodns: 'OctoDNS (YAML)',
  dnscontrol: 'DNSControl (JavaScript)',
  cloudflare: 'Terraform for Cloudflare',
  route53: 'Terraform for Route 53',
  nsupdate: 'nsupdate (RFC 2136)',
};

export type ExportFormat = keyof typeof exportTitles;

export function isExportFormat(text: string): text is ExportFormat {
  return Object.hasOwn(exportTitles, text);
}
