/** A value of a template, as AWS's schema of its resource type describes it. A text that begins with `#` names a definition of the type. */
export type PackedShape =
  | PackedScalar
  | 'json'
  | 'any'
  | `#${string}`
  | PackedChoice
  | PackedList
  | PackedMap
  | PackedObject
  | PackedUnion;

export type PackedScalar = 'string' | 'integer' | 'number' | 'boolean';

/** A scalar with bounds: `min` and `max` count characters of a string and are values of a number. */
export interface PackedChoice {
  is: PackedScalar;
  enum?: (string | number | boolean)[];
  pattern?: string;
  min?: number;
  max?: number;
}

export interface PackedList {
  list: PackedShape;
  min?: number;
  max?: number;
  unique?: true;
}

/** Names chosen by the template's author, all with the same kind of value. */
export interface PackedMap {
  map: PackedShape;
}

export interface PackedObject {
  members: Record<string, PackedShape>;
  required?: string[];
  /** Other members are taken too. */
  open?: true;
}

/** At least one of them fits. */
export interface PackedUnion {
  oneOf: PackedShape[];
}

/** What `Fn::GetAtt` gives. */
export type AttributeKind = 'string' | 'integer' | 'number' | 'boolean' | 'list' | 'json';

/** One resource type: what AWS says of it. */
export interface PackedType extends PackedObject {
  definitions?: Record<string, PackedShape>;
  /** Properties whose change makes a new resource. */
  replaces?: string[];
  /** Properties whose change may make one. */
  mayReplace?: string[];
  attributes?: Record<string, AttributeKind>;
  /** Properties or attributes that make up what `Ref` gives, joined by `|`. */
  ref: string[];
  /** `arn:${Partition}:SERVICE:${Region}:${Account}:…` */
  arn?: string;
  /** Every change makes a new resource. */
  fixed?: true;
  /** A replacement deletes the old resource before it creates the new one. */
  deleteFirst?: true;
  carriesEvents?: true;
}

export interface ResourcePack {
  /** What it was made from, and a hash over that, the script and the types: the gate compares it. */
  sources: { serviceSpec: string; cfnLint: string; hash: string };
  types: Record<string, PackedType>;
}
