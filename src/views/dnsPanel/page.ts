import { randomBytes } from 'node:crypto';

export interface PageParts {
  /** Addresses of the bundle's files, and the policy source that covers them. */
  script: string;
  style: string;
  source: string;
  server: string;
  domain: string;
}

/**
 * The page: nothing inline, nothing from the network, scripts only with this load's nonce. The toolkit takes the nonce from the meta
 * element for the empty style sheet with which it tries what the browser can.
 */
export function pageHtml(parts: PageParts): string {
  const nonce = randomBytes(18).toString('base64url');
  const source = escape(parts.source);
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${source} 'nonce-${nonce}'; font-src ${source}; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>DNS records</title>
<link rel="stylesheet" href="${escape(parts.style)}">
</head>
<body>
<main id="root" data-server="${escape(parts.server)}" data-domain="${escape(parts.domain)}"></main>
<div id="announcer" role="status" aria-live="polite"></div>
<div id="toast" aria-hidden="true" hidden></div>
<script type="module" nonce="${nonce}" src="${escape(parts.script)}"></script>
</body>
</html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, char => `&#${char.charCodeAt(0)};`);
}
