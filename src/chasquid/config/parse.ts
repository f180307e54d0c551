import { drain } from '../drain';
import { type Decoded, decodingProto, type FieldNode, type ScalarNode } from '../prototext/decode';
import type { ScalarValue } from '../prototext/scalar';
import { type Source, sourceOf } from '../prototext/source';
import { ConfigSchema } from './schema';
import type { Version } from '../versions';

/** chasquid.conf as written. Offsets in nodes and errors are bytes; `source.offset` makes them UTF-16. */
export interface ConfigFile extends Decoded {
  source: Source;
  schema: ConfigSchema;
}

/** Reads chasquid.conf as that version does. Never throws. */
export function parseConfig(text: string, version: Version): ConfigFile {
  return drain(parsingConfig(text, version));
}

/** The same as a generator that can be left off after every field. */
export function* parsingConfig(text: string, version: Version): Generator<void, ConfigFile> {
  const source = sourceOf(text);
  const schema = new ConfigSchema(version);
  return { source, schema, ...(yield* decodingProto(source.bytes, schema.message())) };
}

/** What was given to a field, in order; undefined when it was not given. */
export function givenValues(file: ConfigFile, name: string): ScalarValue[] | undefined {
  const nodes = file.fields.filter(field => field.name === name && field.type);
  return nodes.length > 0 ? nodes.flatMap(node => scalarsOf(node).flatMap(scalar => scalar.value ?? [])) : undefined;
}

export function scalarsOf(node: FieldNode): ScalarNode[] {
  return node.values.filter(value => value.kind === 'scalar');
}
