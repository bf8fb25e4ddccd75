import { invalidValues } from './dynamodb-errors.js';
import { Bindings } from './expressions/bindings.js';
import { compileProjection } from './expressions/compile.js';
import type { DocumentPath } from './expressions/document-path.js';

interface ProjectionMembers {
  ProjectionExpression?: string | undefined;
  ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  AttributesToGet?: readonly string[] | undefined;
}

/** The parts of items that a read asks for; undefined for all. @throws AwsError ValidationException */
export function projectionPaths(input: ProjectionMembers): DocumentPath[] | undefined {
  if (input.AttributesToGet !== undefined) return attributesToGet(input.AttributesToGet);
  if (input.ProjectionExpression === undefined) return undefined;
  const bindings = new Bindings(input.ExpressionAttributeNames, undefined);
  const paths = compileProjection(input.ProjectionExpression, bindings);
  bindings.refuseUnused();
  return paths;
}

/** @throws AwsError ValidationException */
export function attributesToGet(names: readonly string[]): DocumentPath[] {
  const twin = names.find((name, index) => names.indexOf(name) < index);
  if (twin !== undefined) throw invalidValues(`Duplicate value in attribute name: ${twin}`);
  return names.map((name) => [name]);
}
