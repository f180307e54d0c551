import type { Fix } from '../diagnostics';
import type { ScalarNode } from '../prototext/decode';
import { similar } from '../similar';
import { isAtLeast, type Version } from '../versions';
import type { Severity } from '../../text/problem';
import { listenAddress } from './addresses';
import type { ConfigField } from './schema';

/** A value as written, with what surrounds it. */
export interface Written {
  field: ConfigField;
  node: ScalarNode;
  value: string | boolean | bigint;
  start: number;
  end: number;
}

/** The file that a value stands in, and where to say what is found. */
export interface FieldReport {
  readonly text: string;
  readonly version: Version;
  report(code: string, severity: Severity, at: { start: number; end: number }, message: string, ...fixes: Fix[]): void;
  replace(at: Written, title: string, text: string, safe?: boolean): Fix;
}

/** What can be said about one value by itself. */
export function checkField(file: FieldReport, each: Written): void {
  perField[each.field.name]?.(file, each, String(each.value));
}

const placeholders = ['%from%', '%from_user%', '%from_domain%', '%to%', '%to_user%', '%to_domain%'];

const perField: Record<string, (file: FieldReport, each: Written, value: string) => void> = {
  hostname(file, each, value) {
    if (value === '' || /^[^.\s]+(\.[^.\s]+)+$/.test(value)) return;
    file.report(
      'config-hostname',
      'warning',
      each,
      `“${value}” is not a full domain name. chasquid greets other servers with it, and many refuse such a name. Write the name that the PTR record gives, such as “mail.example.com”.`,
    );
  },
  max_data_size_mb(file, each) {
    if (typeof each.value !== 'bigint' || each.value <= 1024n) return;
    const overflow = each.value > 8796093022207n;
    file.report(
      'config-size',
      'warning',
      each,
      `${each.value} MiB is more than mail can be. chasquid ${overflow ? 'overflows and then refuses every message' : 'keeps messages in memory while it receives them'}. Write a size such as 50.`,
    );
  },
  monitoring_address(file, each, value) {
    if (value === '') return;
    const parsed = listenAddress(value);
    if (parsed.error !== undefined) {
      const bare = /^\d{1,5}$/.test(value)
        ? [file.replace(each, `Write "127.0.0.1:${value}"`, `"127.0.0.1:${value}"`, true)]
        : [];
      file.report(
        'config-address',
        'error',
        each,
        `“${value}” is not an address to listen on (${parsed.error}). chasquid does not start with it. Write “127.0.0.1:1099”.`,
        ...bare,
      );
    } else if (!/^(127\.|localhost$|::1$)/.test(parsed.host)) {
      const fix = file.replace(each, `Listen on 127.0.0.1:${parsed.port} only`, `"127.0.0.1:${parsed.port}"`);
      file.report(
        'config-monitoring-open',
        'warning',
        each,
        'The monitoring server is reachable from outside. chasquid asks for no password there: anyone can read the queue and stop the daemon. Use a loopback address.',
        fix,
      );
    }
  },
  mail_delivery_agent_args(file, each, value) {
    const words = value.split(/\s+/).filter(Boolean);
    if (words.length > 1 && /(^|\s)(-\S|%\w+%)/.test(value)) {
      const inList = /[[,]\s*$/.test(file.text.slice(0, each.start));
      const fixed = words.map(word => JSON.stringify(word)).join(inList ? ', ' : `\nmail_delivery_agent_args: `);
      file.report(
        'config-mda-words',
        'warning',
        each,
        'One argument contains several words. chasquid passes them to the program as one, including the spaces. Write one entry for each word.',
        file.replace(each, 'Make each word an argument', fixed),
      );
    }
    for (const [placeholder] of value.matchAll(/%\w+%/g)) {
      if (placeholders.includes(placeholder)) continue;
      const meant = similar(placeholder, placeholders);
      const fix = meant
        ? [file.replace(each, `Write ${meant}`, JSON.stringify(value.replace(placeholder, meant)), true)]
        : [];
      file.report(
        'config-mda-placeholder',
        'warning',
        each,
        `“${placeholder}” is not a placeholder. chasquid passes it to the program as it is. Use one of ${placeholders.join(' ')}.`,
        ...fix,
      );
    }
  },
  mail_log_path(file, each, value) {
    if (value === '' || value === '<syslog>') return;
    if (value === '<stdout>' || value === '<stderr>') {
      if (!isAtLeast(file.version.number, '1.5'))
        file.report(
          'config-log-path',
          'warning',
          each,
          `“${value}” is supported since chasquid 1.5. chasquid ${file.version.text} writes to a file of that name. Use “<syslog>” or a path.`,
        );
    } else if (/[<>]/.test(value) || /^(syslog|stdout|stderr)$/i.test(value)) {
      const meant = similar(value.replace(/[<>]/g, ''), ['syslog', 'stdout', 'stderr']) ?? 'syslog';
      file.report(
        'config-log-path',
        'warning',
        each,
        `“${value}” is not a special name. chasquid writes the mail log to a file of that name in its configuration folder. Write “<${meant}>” or a path.`,
        file.replace(each, `Write "<${meant}>"`, `"<${meant}>"`, true),
      );
    } else if (!value.startsWith('/')) {
      file.report(
        'config-log-path',
        'warning',
        each,
        'The path is relative. chasquid resolves it relative to its configuration directory, to which it usually cannot write. Write the absolute path.',
      );
    }
  },
  data_dir(file, each, value) {
    if (value === '' || value.startsWith('/')) return;
    file.report(
      'config-data-dir',
      'warning',
      each,
      'The path is relative. chasquid resolves it relative to its configuration directory, chasquid-util relative to the current directory. Write the absolute path.',
    );
  },
  haproxy_incoming(file, each) {
    if (each.value !== true) return;
    file.report(
      'config-haproxy',
      'information',
      each,
      'The setting applies to every address. chasquid refuses connections that do not come through HAProxy. Make sure that all of them do.',
    );
  },
};
