import type { ExpectedRecord } from './record';

/** Where the customers of known providers enter the reverse name. Recognised by the servers of the reverse zone. */
const providers: { servers: RegExp; title: string; url: string }[] = [
  { servers: /\.contabo\.net$/, title: 'Reverse DNS at Contabo', url: 'https://my.contabo.com/rdns' },
  {
    servers: /\.(hetzner\.(com|de)|second-ns\.(com|de)|your-server\.de|first-ns\.de)$/,
    title: 'Reverse DNS at Hetzner',
    url: 'https://console.hetzner.com/',
  },
  {
    servers: /\.(ovh\.(net|ca)|anycast\.me)$/,
    title: 'Reverse DNS at OVHcloud',
    url: 'https://www.ovh.com/manager/#/dedicated/ip',
  },
  {
    servers: /\.digitalocean\.com$/,
    title: 'Name the droplet at DigitalOcean',
    url: 'https://cloud.digitalocean.com/droplets',
  },
  { servers: /\.linode\.com$/, title: 'Reverse DNS at Akamai (Linode)', url: 'https://cloud.linode.com/linodes' },
  { servers: /\.(vultr|choopa)\.com$/, title: 'Reverse DNS at Vultr', url: 'https://my.vultr.com/' },
  {
    servers: /\.(scaleway\.com|online\.net|poneytelecom\.eu)$/,
    title: 'Reverse DNS at Scaleway',
    url: 'https://console.scaleway.com/',
  },
  { servers: /\.netcup\.net$/, title: 'Reverse DNS at netcup', url: 'https://www.servercontrolpanel.de/' },
  {
    servers: /\.(ui-dns\.(com|de|org|biz)|ionos\.[a-z]+(\.[a-z]+)?)$/,
    title: 'Reverse DNS at IONOS',
    url: 'https://my.ionos.com/',
  },
];

/** The page for a `ptr` record whose reverse zone belongs to a known provider. */
export function reverseLink(
  record: Pick<ExpectedRecord, 'purpose' | 'zoneServers'>,
): { title: string; url: string } | undefined {
  if (record.purpose !== 'ptr') return undefined;
  const provider = providers.find(({ servers }) => record.zoneServers?.some(name => servers.test(name)));
  return provider && { title: provider.title, url: provider.url };
}
