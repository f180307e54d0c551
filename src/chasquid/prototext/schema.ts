export type ScalarKind = 'string' | 'bytes' | 'bool' | 'int32' | 'int64' | 'uint32' | 'uint64';

export interface FieldType {
  number: number;
  kind: ScalarKind | MessageType;
  repeated?: boolean;
  /** A map from string to `kind`. */
  map?: boolean;
  /** Full name of the oneof it belongs to (also the one that proto3 `optional` makes). */
  oneof?: string;
}

/** A message of a .proto file. */
export interface MessageType {
  fields: Record<string, FieldType>;
}
