/** A DNS provider through whose interface a certificate can be proven (dns-01, RFC 8555 §8.4). */
export interface DnsProvider {
  /** acme.sh's name of the interface, or `rfc2136` for a name server of one's own. */
  id: string;
  title: string;
  /** Names of the values it wants, as acme.sh documents them; empty: asked as NAME=value lines. */
  keys: { name: string; hint: string; secret: boolean; optional?: boolean; fallback?: string }[];
}

const token = (name: string, hint: string) => ({ name, hint, secret: true });
const plain = (name: string, hint: string) => ({ name, hint, secret: false });

/** The interfaces of acme.sh's dnsapi folder that most people use, with what they want; `otherProviders` names the rest. */
export const dnsProviders: readonly DnsProvider[] = [
  { id: 'dns_cf', title: 'Cloudflare', keys: [token('CF_Token', 'API token with the right Zone.DNS: Edit')] },
  {
    id: 'dns_aws',
    title: 'Amazon Route 53',
    keys: [plain('AWS_ACCESS_KEY_ID', 'access key id'), token('AWS_SECRET_ACCESS_KEY', 'secret access key')],
  },
  { id: 'dns_hetzner', title: 'Hetzner', keys: [token('HETZNER_Token', 'DNS API token')] },
  { id: 'dns_dgon', title: 'DigitalOcean', keys: [token('DO_API_KEY', 'personal access token')] },
  { id: 'dns_linode_v4', title: 'Linode (Akamai)', keys: [token('LINODE_V4_API_KEY', 'personal access token')] },
  { id: 'dns_vultr', title: 'Vultr', keys: [token('VULTR_API_KEY', 'API key')] },
  {
    id: 'dns_ovh',
    title: 'OVH',
    keys: [plain('OVH_AK', 'application key'), token('OVH_AS', 'application secret'), token('OVH_CK', 'consumer key')],
  },
  { id: 'dns_gandi_livedns', title: 'Gandi LiveDNS', keys: [token('GANDI_LIVEDNS_TOKEN', 'personal access token')] },
  { id: 'dns_gd', title: 'GoDaddy', keys: [plain('GD_Key', 'API key'), token('GD_Secret', 'API secret')] },
  {
    id: 'dns_namecheap',
    title: 'Namecheap',
    keys: [
      plain('NAMECHEAP_USERNAME', 'user name'),
      token('NAMECHEAP_API_KEY', 'API key'),
      plain('NAMECHEAP_SOURCEIP', 'address of this server'),
    ],
  },
  {
    id: 'dns_porkbun',
    title: 'Porkbun',
    keys: [token('PORKBUN_API_KEY', 'API key'), token('PORKBUN_SECRET_API_KEY', 'secret API key')],
  },
  {
    id: 'dns_ali',
    title: 'Alibaba Cloud DNS',
    keys: [plain('Ali_Key', 'AccessKey id'), token('Ali_Secret', 'AccessKey secret')],
  },
  { id: 'dns_dp', title: 'DNSPod (China)', keys: [plain('DP_Id', 'token id'), token('DP_Key', 'token')] },
  {
    id: 'dns_tencent',
    title: 'Tencent Cloud',
    keys: [plain('Tencent_SecretId', 'secret id'), token('Tencent_SecretKey', 'secret key')],
  },
  {
    id: 'dns_huaweicloud',
    title: 'Huawei Cloud',
    keys: [
      plain('HUAWEICLOUD_Username', 'user name'),
      token('HUAWEICLOUD_Password', 'password'),
      plain('HUAWEICLOUD_DomainName', 'account name'),
    ],
  },
  {
    id: 'dns_azure',
    title: 'Azure DNS',
    keys: [
      plain('AZUREDNS_SUBSCRIPTIONID', 'subscription id'),
      plain('AZUREDNS_TENANTID', 'tenant id'),
      plain('AZUREDNS_APPID', 'application id'),
      token('AZUREDNS_CLIENTSECRET', 'client secret'),
    ],
  },
  { id: 'dns_desec', title: 'deSEC', keys: [token('DEDYN_TOKEN', 'token')] },
  { id: 'dns_duckdns', title: 'Duck DNS', keys: [token('DuckDNS_Token', 'token')] },
  { id: 'dns_inwx', title: 'INWX', keys: [plain('INWX_User', 'user name'), token('INWX_Password', 'password')] },
  {
    id: 'dns_netcup',
    title: 'netcup',
    keys: [plain('NC_CID', 'customer number'), token('NC_Apikey', 'API key'), token('NC_Apipw', 'API password')],
  },
  { id: 'dns_ionos', title: 'IONOS', keys: [plain('IONOS_PREFIX', 'public prefix'), token('IONOS_SECRET', 'secret')] },
  { id: 'dns_bunny', title: 'bunny.net', keys: [token('BUNNY_API_KEY', 'API key')] },
  {
    id: 'dns_cloudns',
    title: 'ClouDNS',
    keys: [plain('CLOUDNS_AUTH_ID', 'auth id'), token('CLOUDNS_AUTH_PASSWORD', 'password')],
  },
  { id: 'dns_dnsimple', title: 'DNSimple', keys: [token('DNSimple_OAUTH_TOKEN', 'account token')] },
  { id: 'dns_namesilo', title: 'NameSilo', keys: [token('Namesilo_Key', 'API key')] },
  { id: 'dns_scaleway', title: 'Scaleway', keys: [token('SCALEWAY_API_TOKEN', 'API token')] },
  {
    id: 'dns_pdns',
    title: 'PowerDNS',
    keys: [plain('PDNS_Url', 'address of its API'), plain('PDNS_ServerId', 'server id'), token('PDNS_Token', 'token')],
  },
  {
    id: 'rfc2136',
    title: 'My own name server (RFC 2136, TSIG)',
    keys: [
      plain('NSUPDATE_SERVER', 'address of the primary name server'),
      plain('TSIG_NAME', 'name of the TSIG key'),
      { name: 'TSIG_ALGORITHM', hint: 'algorithm of the TSIG key', secret: false, fallback: 'hmac-sha256' },
      token('TSIG_SECRET', 'secret of the TSIG key, base64'),
    ],
  },
];

/** Further interfaces of acme.sh (its dnsapi folder, release 3.1), whose values are asked as NAME=value. */
export const otherProviders: readonly string[] =
  `1984hosting acmedns acmeproxy active24 ad alviy anx arvan aurora autodns azion beget bookmyname cn conoha constellix cpanel curanet cyon da ddnss
  dnshome dnsservices doapi domeneshop dpi dreamhost durabledns dyn dynu dynv6 easydns edgedns euserv exoscale fornex freedns gcloud gcore geoscaling
  googledomains he hexonet hostingde infoblox infomaniak internetbs ispconfig ispman jd joker kappernet kas kinghost knot la leaseweb lexicon limacity
  linode loopia lua maradns me mijnhost misaka mydevil mydnsjp mythic_beasts namecom netlify nic nm nsd nsone nw oci omglol one online openprovider
  openstack opnsense opusdns pleskxml pointhq rackcorp rackspace rage4 rcode0 regru schlundtech selectel selfhost servercow simply spaceship technitium
  tele3 timeweb transip udr ultra unoeuro variomedia veesp vercel vscale websupport west_cn world4you yandex360 yc zilore zone zoneedit zonomi`
    .split(/\s+/)
    .map(name => `dns_${name}`);

/** The values as the step takes them: one NAME=value a line. */
export function credentialLines(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}
