import type { Diagnostic, Fix } from '../diagnostics';
import type { Version } from '../versions';
import type { Severity } from '../../text/problem';
import { listenAddress } from './addresses';
import { parseDuration } from './duration';
import { durationError, type EffectiveConfig, effectiveConfig, takesEffect } from './effective';
import type { ConfigFile } from './parse';
import { checkField, type FieldReport, type Written } from './checkField';

/** What the parser accepts though the daemon will not start, ignores the value, or does something else than meant. */
export function checkValues(file: ConfigFile, text: string): Diagnostic[] {
  return new Checks(file, text).run();
}

const addressFields = ['smtp_address', 'submission_address', 'submission_over_tls_address'];

class Checks implements FieldReport {
  private readonly found: Diagnostic[] = [];
  private readonly effective: EffectiveConfig;
  private readonly written: Written[];

  constructor(
    private readonly file: ConfigFile,
    readonly text: string,
  ) {
    this.effective = effectiveConfig(file);
    this.written = file.fields.flatMap(node => {
      const field = node.type && file.schema.field(node.name);
      return !field
        ? []
        : node.values.flatMap(value => {
            if (value.kind !== 'scalar' || value.value === undefined) return [];
            const [start, end] = [file.source.offset(value.start), file.source.offset(value.end)];
            return [{ field, node: value, value: value.value, start, end }];
          });
    });
  }

  run(): Diagnostic[] {
    for (const each of this.written) {
      this.ignored(each);
      this.joined(each);
      if (each.node.form === 'octal' && typeof each.value === 'bigint') this.octal(each);
      checkField(this, each);
      if (addressFields.includes(each.field.name)) this.address(each, String(each.value));
    }
    this.duration();
    this.clashes();
    this.socketUnits();
    this.separators();
    this.dovecot();
    return this.found;
  }

  report(code: string, severity: Severity, at: { start: number; end: number }, message: string, ...fixes: Fix[]): void {
    this.found.push({
      code,
      severity,
      message,
      range: { start: at.start, end: at.end },
      ...(fixes.length > 0 && { fixes }),
    });
  }

  get version(): Version {
    return this.file.schema.version;
  }

  private of(name: string): Written[] {
    return this.written.filter(each => each.field.name === name);
  }

  replace(at: Written, title: string, text: string, safe = false): Fix {
    return { title, edits: [{ start: at.start, end: at.end, text }], safe };
  }

  private ignored(each: Written): void {
    const { field, value } = each;
    const optional = this.version.features.emptySeparators && /^(suffix_separators|drop_characters)$/.test(field.name);
    if (field.repeated || optional || takesEffect(value)) return;
    if (value === false) {
      this.report(
        'config-value-ignored',
        'hint',
        each,
        `“${field.name}” is false anyway. chasquid ignores the line. It can be removed.`,
      );
      return;
    }
    const fallback =
      field.default.length > 0
        ? `uses its default ${field.default.map(text => JSON.stringify(text)).join(', ')}`
        : 'behaves as without the line';
    this.report(
      'config-value-ignored',
      'warning',
      each,
      `The value ${this.text.slice(each.start, each.end)} has no effect. chasquid ${this.version.text} ${fallback}. Write another value, or remove the line.`,
    );
  }

  private joined(each: Written): void {
    const parts = each.node.parts ?? [];
    if (parts.length < 2) return;
    const raw = this.text.slice(each.start, each.end);
    if (!raw.includes('\n') && !each.field.repeated) return;
    const separate = parts.map(part =>
      this.text.slice(this.file.source.offset(part.start), this.file.source.offset(part.end)),
    );
    const inList = /[[,]\s*$/.test(this.text.slice(0, each.start));
    const fixed = separate.join(inList ? ', ' : `\n${each.field.name}: `);
    const fix = each.field.repeated ? [this.replace(each, 'Make them separate values', fixed)] : [];
    this.report(
      'config-strings-joined',
      'warning',
      each,
      `Strings that follow each other are one value. chasquid reads ${JSON.stringify(String(each.value))}. Write the field’s name before each, or separate them with commas inside “[ ]”.`,
      ...fix,
    );
  }

  private octal(each: Written): void {
    const raw = this.text.slice(each.start, each.end);
    if (raw === '00' || !/^-?0\d/.test(raw)) return;
    const meant = raw.replace(/^(-?)0+(?=\d)/, '$1');
    this.report(
      'config-octal',
      'warning',
      each,
      `A number that begins with 0 is octal. chasquid reads ${raw} as ${String(each.value)}. Leave the 0 out.`,
      this.replace(each, `Write ${meant}`, meant),
    );
  }

  private address(each: Written, address: string): void {
    const kind = each.field.name;
    if (address === 'systemd') return;
    if (address === '') {
      const strict = this.version.features.strictAddresses;
      const does = strict ? 'refuses to start' : 'listens on a random port';
      this.report(
        'config-address-empty',
        strict ? 'error' : 'warning',
        each,
        `The address is empty. chasquid ${this.version.text} ${does}. Write an address such as “:25”, or remove the line.`,
      );
      return;
    }
    const parsed = listenAddress(address);
    if (parsed.error !== undefined) {
      const bare = /^\d{1,5}$/.test(address) ? [this.replace(each, `Write ":${address}"`, `":${address}"`, true)] : [];
      this.report(
        'config-address',
        'error',
        each,
        `“${address}” is not an address to listen on (${parsed.error}). chasquid does not start with it. Write “HOST:PORT” or “:PORT”.`,
        ...bare,
      );
      return;
    }
    const usual = { smtp_address: 465, submission_address: 465, submission_over_tls_address: 587 }[kind];
    if (parsed.port === usual) {
      const right = usual === 465 ? 'submission_over_tls_address' : 'submission_address';
      this.report(
        'config-port-mode',
        'warning',
        each,
        `Port ${usual} belongs to ${right}. chasquid would ${usual === 465 ? 'wait for plain text where programs begin with TLS' : 'begin with TLS where programs expect plain text'}. Move the address there.`,
      );
    }
  }

  private duration(): void {
    const each = this.of('give_up_send_after')[0];
    if (!each) return;
    const refused = durationError(this.effective);
    const value = String(each.value);
    if (refused !== undefined) {
      const days = /^(\d{1,5})\s*d(ays?)?$/.exec(value)?.[1];
      const fix = days ? [this.replace(each, `Write "${Number(days) * 24}h"`, `"${Number(days) * 24}h"`, true)] : [];
      const message = `“${value}” is not a duration. chasquid ${this.version.text} does not start with such a file. Write hours, minutes and seconds, such as “20h” or “1h30m”.`;
      this.report('config-duration', 'error', each, message, ...fix);
      // It is looked at once the whole file has been read.
      if (this.file.errors.length === 0) this.found.at(-1)!.upstream = refused;
      return;
    }
    const duration = parseDuration(value);
    if (duration.error === undefined && duration.nanoseconds <= 0n && value !== '') {
      this.report(
        'config-value-ignored',
        'warning',
        each,
        `The value “${value}” has no effect. chasquid still gives up after 20 hours. Write a positive duration.`,
      );
    }
  }

  /** The same port twice: the second cannot be opened. */
  private clashes(): void {
    const taken = new Map<string, Written>();
    for (const each of this.written) {
      if (!addressFields.includes(each.field.name) && each.field.name !== 'monitoring_address') continue;
      const parsed = listenAddress(String(each.value));
      if (parsed.error !== undefined || parsed.port === 0) continue;
      const any = /^(0\.0\.0\.0|::|)$/.test(parsed.host);
      const key = `${any ? '*' : parsed.host}:${parsed.port}`;
      const other =
        taken.get(key) ??
        taken.get(`*:${parsed.port}`) ??
        (any ? [...taken].find(([name]) => name.endsWith(`:${parsed.port}`))?.[1] : undefined);
      if (other && other.start !== each.start) {
        this.report(
          'config-port-clash',
          'warning',
          each,
          `Port ${parsed.port} is given twice. chasquid cannot open it a second time and does not start. Remove one.`,
        );
        this.found.at(-1)!.related = [
          { range: { start: other.start, end: other.end }, message: 'The port is already taken here.' },
        ];
      }
      taken.set(key, each);
    }
  }

  private socketUnits(): void {
    const explicit = this.written.find(
      each =>
        addressFields.includes(each.field.name) &&
        each.value !== 'systemd' &&
        /:(25|465|587)$/.test(String(each.value)),
    );
    if (!explicit) return;
    this.report(
      'config-socket-units',
      'information',
      explicit,
      'The address is opened by chasquid itself. With Debian’s package, whose systemd sockets hold the ports 25, 465 and 587, chasquid cannot open it and does not start. There, remove the line; with upstream’s unit, keep it.',
    );
  }

  private separators(): void {
    const [suffix, drop] = [this.of('suffix_separators')[0], this.of('drop_characters')[0]];
    for (const each of [suffix, drop]) {
      const odd = each && /[\p{L}\p{N}*@\s]/u.exec(String(each.value));
      if (odd)
        this.report(
          'config-separators',
          'warning',
          each,
          `“${odd[0]}” should not be among ${each.field.name}. chasquid cuts addresses there, so that names with it cannot be distinguished. Use characters such as “+”, “-”, “.” or “_”.`,
        );
    }
    const suffixes = String(this.effective.get('suffix_separators')?.[0] ?? '');
    const both = [...String(this.effective.get('drop_characters')?.[0] ?? '')].find(char => suffixes.includes(char));
    if (both && (drop ?? suffix))
      this.report(
        'config-separators',
        'warning',
        (drop ?? suffix)!,
        `“${both}” is both a suffix separator and a drop character. chasquid treats it as a separator first. Keep it in one of them.`,
      );
    if (suffix && !suffixes.includes('+')) {
      this.report(
        'config-suffix-plus',
        'information',
        suffix,
        '“+” is not among the suffix separators. chasquid forwards in the name of “user+fwd_from=…”, so failure notices cannot come back. Add “+”.',
      );
    }
  }

  private dovecot(): void {
    if (this.effective.get('dovecot_auth')?.[0] === true) return;
    for (const each of [...this.of('dovecot_userdb_path'), ...this.of('dovecot_client_path')]) {
      if (each.value !== '')
        this.report(
          'config-dovecot-unused',
          'warning',
          each,
          'The path is given, but dovecot_auth is not true. chasquid does not ask dovecot. Add “dovecot_auth: true”, or remove the line.',
        );
    }
  }
}
