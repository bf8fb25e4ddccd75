// What an expression says, with its placeholders still in place: parsed once for each text, and bound to the values of a request.

/** Names, bare or as placeholders (`#n`), and places in lists. */
export type PathParts = readonly (string | number)[];

export type Operand =
  | { kind: 'path'; parts: PathParts }
  | { kind: 'value'; placeholder: string }
  | { kind: 'call'; name: string; args: readonly Operand[] };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Condition =
  | { kind: 'and' | 'or'; left: Condition; right: Condition }
  | { kind: 'not'; inner: Condition }
  | { kind: 'compare'; comparator: Comparator; left: Operand; right: Operand }
  | { kind: 'between'; operand: Operand; low: Operand; high: Operand }
  | { kind: 'in'; operand: Operand; options: readonly Operand[] }
  | { kind: 'function'; name: string; args: readonly Operand[] };

/** The right side of SET: an operand, a sum or a difference. */
export type SetValue =
  | Operand
  | { kind: 'sum'; left: Operand; right: Operand }
  | { kind: 'difference'; left: Operand; right: Operand };

export type UpdateAction =
  | { kind: 'set'; path: PathParts; value: SetValue }
  | { kind: 'remove'; path: PathParts }
  | { kind: 'add' | 'delete'; path: PathParts; placeholder: string };
