import type { Calls } from '../../../wire/handlers.js';
import { NotYetKnown, type Scope } from '../intrinsics/scope.js';
import { readObjectText } from '../read-template-text.js';
import { expandServerless } from '../serverless/expand-serverless.js';
import type { ParameterValue } from '../stack.js';
import { createScope } from '../stack-scope.js';
import { isMap, type Value, type ValueMap } from '../template/value.js';
import { hasSnippets, INCLUDE, includeSnippets, withoutSnippets } from './include-snippets.js';
import { extendLanguage, LANGUAGE_EXTENSIONS, withoutExtensions } from './language-extensions.js';

/** What is known of a stack before any of it is there. */
export interface Beforehand {
  region: string;
  accountId: string;
  parameters: ReadonlyMap<string, ParameterValue>;
  calls: Calls;
}

/** What a template's transforms make of it. */
export interface Processed {
  source: ValueMap;
  /** The transforms the template names, by name, in order. */
  transforms: string[];
  /** Something was left out that only parameter values could have written out. */
  isDraft: boolean;
}

/** As far as the template alone tells. @throws AwsError ValidationError */
export function draftTemplate(written: ValueMap): Processed {
  const transforms = transformsOf(written);
  const isDraft = transforms.includes(LANGUAGE_EXTENSIONS) || transforms.includes(INCLUDE);
  const source = isDraft ? withoutExtensions(withoutSnippets(written)) : written;
  return { source: expandServerless(source), transforms, isDraft };
}

/** Runs a template's transforms, in AWS's order: snippets, the language's extensions, serverless resources. @throws AwsError ValidationError */
export async function processTemplate(written: ValueMap, known: Beforehand): Promise<Processed> {
  const transforms = transformsOf(written);
  const scopeOf = (source: ValueMap): Scope => scopeBeforehand(source, known);
  let source = written;
  if (transforms.includes(INCLUDE))
    source = await includeSnippets(source, scopeOf(source), (bucket, key) => readObjectText(bucket, key, known.calls));
  if (transforms.includes(LANGUAGE_EXTENSIONS)) source = extendLanguage(source, scopeOf);
  return { source: expandServerless(source), transforms, isDraft: false };
}

function transformsOf(written: ValueMap): string[] {
  const declared = [written.Transform ?? []].flat().map((item) => (isMap(item) ? item.Name : item));
  const names = declared.filter((name): name is string => typeof name === 'string');
  return [...new Set(hasSnippets(written) ? [...names, INCLUDE] : names)];
}

/** Resources, other stacks and the stack itself do not exist yet for a transform. */
function scopeBeforehand(source: ValueMap, { region, accountId, parameters }: Beforehand): Scope {
  const unknown = (name: string): never => {
    throw new NotYetKnown(name);
  };
  return createScope({
    stackId: undefined,
    stackName: undefined,
    region,
    accountId,
    definition: {
      template: {
        mappings: isMap(source.Mappings) ? source.Mappings : {},
        conditions: new Map<string, Value>(isMap(source.Conditions) ? Object.entries(source.Conditions) : []),
      },
      parameters,
      notificationArns: undefined,
    },
    resource: unknown,
    imported: unknown,
    stackOutput: ({ outputName }) => unknown(outputName),
  });
}
