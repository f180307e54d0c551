import type { FieldType, MessageType } from '../prototext/schema';
import { type Feature, isAtLeast, type Version } from '../versions';

export type ConfigKind = 'string' | 'int64' | 'uint32' | 'bool';

/** A field of chasquid.conf (internal/config/config.proto) with what a user needs to know. */
export interface ConfigField {
  name: string;
  number: number;
  kind: ConfigKind;
  repeated?: boolean;
  /** From which feature on an empty value counts (config.proto: `optional`); before it is ignored, as for other fields. */
  emptyCounts?: Feature;
  /** First version that has it. */
  since: string;
  /** The default as it would be written; empty: none. */
  default: string[];
  /** One sentence, then what to know. */
  doc: string;
  /** Values worth offering. */
  values?: string[];
}

const placeholders = '`%from%` `%from_user%` `%from_domain%` `%to%` `%to_user%` `%to_domain%`';

/** In the order of the numbers, in which `print-config` prints them. */
const configFields: readonly ConfigField[] = [
  {
    name: 'hostname',
    number: 1,
    kind: 'string',
    since: '0.01',
    default: [],
    doc: "The name the server uses in its greeting and in EHLO. It should be a full domain name whose A/AAAA record points here and which the address's PTR record names. Default: the system's host name.",
  },
  {
    name: 'max_data_size_mb',
    number: 2,
    kind: 'int64',
    since: '0.01',
    default: ['50'],
    doc: 'Largest message accepted, in MiB. 0 and negative numbers are ignored.',
    values: ['50'],
  },
  {
    name: 'smtp_address',
    number: 3,
    kind: 'string',
    repeated: true,
    since: '0.01',
    default: ['systemd'],
    doc: 'Addresses to listen on for mail from other servers (port 25). `systemd` uses the sockets named `smtp` that systemd passes.',
    values: ['systemd', ':25'],
  },
  {
    name: 'submission_address',
    number: 4,
    kind: 'string',
    repeated: true,
    since: '0.01',
    default: ['systemd'],
    doc: 'Addresses to listen on for submission with STARTTLS (port 587). `systemd` uses the sockets named `submission`.',
    values: ['systemd', ':587'],
  },
  {
    name: 'submission_over_tls_address',
    number: 5,
    kind: 'string',
    repeated: true,
    since: '0.03',
    default: ['systemd'],
    doc: 'Addresses to listen on for submission over TLS (port 465). `systemd` uses the sockets named `submission_tls`.',
    values: ['systemd', ':465'],
  },
  {
    name: 'monitoring_address',
    number: 6,
    kind: 'string',
    since: '0.01',
    default: [],
    doc: 'Address of the monitoring HTTP server. It asks for no password and can stop the daemon: only on a loopback address. Default: none.',
    values: ['127.0.0.1:1099'],
  },
  {
    name: 'mail_delivery_agent_bin',
    number: 7,
    kind: 'string',
    since: '0.01',
    default: ['maildrop'],
    doc: 'Program that delivers mail to local users; the message comes on its standard input.',
    values: ['maildrop', 'procmail', '/usr/bin/mda-lmtp'],
  },
  {
    name: 'mail_delivery_agent_args',
    number: 8,
    kind: 'string',
    repeated: true,
    since: '0.01',
    default: ['-f', '%from%', '-d', '%to_user%'],
    doc: `Arguments of the delivery program, one entry each. Replaced: ${placeholders}.`,
    values: ['%from%', '%from_user%', '%from_domain%', '%to%', '%to_user%', '%to_domain%'],
  },
  {
    name: 'data_dir',
    number: 9,
    kind: 'string',
    since: '0.01',
    default: ['/var/lib/chasquid'],
    doc: 'Folder for the queue and what the server learns about other domains. The daemon must be able to write there.',
    values: ['/var/lib/chasquid'],
  },
  {
    name: 'suffix_separators',
    number: 10,
    kind: 'string',
    emptyCounts: 'emptySeparators',
    since: '0.01',
    default: ['+'],
    doc: 'Characters that begin a suffix: with `+`, mail to `user+shop@` goes to `user@`. Forwarding counts on `+` being among them. Since 1.9 an empty value switches suffixes off; before it is ignored.',
    values: ['+', '+-'],
  },
  {
    name: 'drop_characters',
    number: 11,
    kind: 'string',
    emptyCounts: 'emptySeparators',
    since: '0.01',
    default: ['.'],
    doc: 'Characters that are ignored in a user name: with `.`, `us.er@` is `user@`. Since 1.9 an empty value switches this off; before it is ignored.',
    values: ['.', '._'],
  },
  {
    name: 'mail_log_path',
    number: 12,
    kind: 'string',
    since: '0.01',
    default: ['<syslog>'],
    doc: 'Where the mail log goes: `<syslog>`, since 1.5 also `<stdout>` and `<stderr>`, or a file. A relative path is relative to the configuration directory.',
    values: ['<syslog>', '<stdout>', '<stderr>'],
  },
  {
    name: 'dovecot_auth',
    number: 13,
    kind: 'bool',
    since: '0.04',
    default: ['false'],
    doc: "Ask dovecot about users and passwords of domains that have no users file of chasquid's own.",
    values: ['true'],
  },
  {
    name: 'dovecot_userdb_path',
    number: 14,
    kind: 'string',
    since: '0.04',
    default: [],
    doc: "Path of dovecot's userdb socket. Default: searched for in /var/run/dovecot.",
    values: ['/var/run/dovecot/auth-chasquid-userdb'],
  },
  {
    name: 'dovecot_client_path',
    number: 15,
    kind: 'string',
    since: '0.04',
    default: [],
    doc: "Path of dovecot's authentication socket. Default: searched for in /var/run/dovecot.",
    values: ['/var/run/dovecot/auth-chasquid-client'],
  },
  {
    name: 'haproxy_incoming',
    number: 16,
    kind: 'bool',
    since: '1.6',
    default: ['false'],
    doc: 'Expect the HAProxy protocol (version 1) on every incoming connection, on all addresses.',
    values: ['true'],
  },
  {
    name: 'max_queue_items',
    number: 17,
    kind: 'uint32',
    since: '1.16',
    default: ['200'],
    doc: 'Most messages the queue holds; further ones are deferred with 451. 0 is ignored. Before 1.16 the limit is always 200.',
    values: ['200'],
  },
  {
    name: 'give_up_send_after',
    number: 18,
    kind: 'string',
    since: '1.16',
    default: ['20h'],
    doc: 'How long sending is tried before the sender gets a failure notice, as a Go duration such as `20h` or `1h30m`; there is no unit for days. Before 1.16 always 20 hours.',
    values: ['20h', '48h', '120h'],
  },
];

const byName = new Map(configFields.map(field => [field.name, field]));

/** chasquid.conf as one version knows it. */
export class ConfigSchema {
  /** The fields that the version knows, in the order of their numbers. */
  readonly fields: readonly ConfigField[];

  constructor(readonly version: Version) {
    this.fields = configFields.filter(field => isAtLeast(version.number, field.since));
  }

  /** The field of that name; also one that only a later version knows. */
  field(name: string): ConfigField | undefined {
    return byName.get(name);
  }

  /** Whether an empty value of that field counts. */
  takesEmpty({ emptyCounts }: ConfigField): boolean {
    return emptyCounts !== undefined && this.version.features[emptyCounts];
  }

  /** The message of config.proto in that version. */
  message(): MessageType {
    const fields: Record<string, FieldType> = {};
    for (const field of this.fields) {
      const { name, number, kind, repeated } = field;
      const oneof = this.takesEmpty(field) && { oneof: `Config._${name}` };
      fields[name] = { number, kind, ...(repeated && { repeated }), ...oneof };
    }
    return { fields };
  }
}
