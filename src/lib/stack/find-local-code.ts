import { isMap, isSeq, type Node } from 'yaml';
import { stringAt, type TemplateFile } from './template-file.js';

/**
 * How an uploaded object is written in the place of its path; a template's own paths are replaced before it is uploaded, a snippet is
 * uploaded as it is.
 */
type WrittenAs = 'location' | 'url' | 'template' | 'snippet';

/** Where a template may name a local folder or file, by resource type. */
const CODE_PROPERTIES: Readonly<Record<string, { property: string; as: WrittenAs }>> = {
  'AWS::Lambda::Function': { property: 'Code', as: 'location' },
  'AWS::Lambda::LayerVersion': { property: 'Content', as: 'location' },
  'AWS::Serverless::Function': { property: 'CodeUri', as: 'url' },
  'AWS::Serverless::LayerVersion': { property: 'ContentUri', as: 'url' },
  'AWS::CloudFormation::Stack': { property: 'TemplateURL', as: 'template' },
};

export interface LocalCode {
  logicalId: string;
  /** Where in the template the path stands. */
  at: readonly (string | number)[];
  /** As written. */
  path: string;
  as: WrittenAs;
}

/** The functions, layers, nested stacks and included snippets of a template that are paths on this machine. */
export function findLocalCode({ document, resources }: TemplateFile): LocalCode[] {
  const localCode = (logicalId: string, at: LocalCode['at'], as: WrittenAs): LocalCode[] => {
    const path = stringAt(document, at);
    return path === undefined || /^(s3|https?):\/\//.test(path) ? [] : [{ logicalId, at, path, as }];
  };
  return [
    ...localCode('Globals', ['Globals', 'Function', 'CodeUri'], 'url'),
    ...resources.flatMap(({ logicalId, type, at }) => {
      const known = CODE_PROPERTIES[type];
      return known ? localCode(logicalId, [...at, 'Properties', known.property], known.as) : [];
    }),
    ...includeCalls(document.contents, []).flatMap((at) =>
      localCode('AWS::Include', [...at, 'Parameters', 'Location'], 'snippet'),
    ),
  ];
}

/** Where a template calls AWS::Include: in `Fn::Transform` (in YAML also `!Transform`), or in its own `Transform`. */
function includeCalls(node: Node | null | undefined, at: LocalCode['at']): LocalCode['at'][] {
  const below: [key: string | number, value: Node][] = isMap(node)
    ? node.items.map(({ key, value }) => [String((key as { value?: unknown }).value ?? key), value as Node])
    : isSeq(node)
      ? node.items.map((value, index) => [index, value as Node])
      : [];
  const isCall = isMap(node) && node.get('Name') === 'AWS::Include' && isMap(node.get('Parameters'));
  return [...(isCall ? [at] : []), ...below.flatMap(([key, value]) => includeCalls(value, [...at, key]))];
}
