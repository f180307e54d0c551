/** `HOST:PORT` as Go's `net.Listen` takes it, or what it says against it (package net, `SplitHostPort`, `parsePort`). */
export function listenAddress(address: string): { host: string; port: number; error?: undefined } | { error: string } {
  const wrong = (why: string) => ({ error: `address ${address}: ${why}` });
  const colon = address.lastIndexOf(':');
  if (colon < 0) return wrong('missing port in address');
  let host = address.slice(0, colon);
  const port = address.slice(colon + 1);
  if (address.startsWith('[')) {
    const end = address.indexOf(']');
    if (end < 0) return wrong("missing ']' in address");
    if (end + 1 === address.length) return wrong('missing port in address');
    if (end + 1 !== colon)
      return wrong(address[end + 1] === ':' ? 'too many colons in address' : 'missing port in address');
    host = address.slice(1, end);
  } else if (host.includes(':')) return wrong('too many colons in address');
  if (/[[\]]/.test(host) || /[[\]]/.test(port)) return wrong(`unexpected '${/[[\]]/.exec(address)![0]}' in address`);
  if (/^\d+$/.test(port))
    return Number(port) > 65535 ? { error: `address ${port}: invalid port` } : { host, port: Number(port) };
  const named = port === '' ? 0 : services[port.toLowerCase()];
  return named === undefined ? { error: `lookup tcp/${port}: unknown port` } : { host, port: named };
}

const services: Record<string, number> = {
  smtp: 25,
  submission: 587,
  submissions: 465,
  smtps: 465,
  http: 80,
  https: 443,
};
