import { stringAt, type TemplateFile } from './template-file.js';

/** How an uploaded object is written in the place of its path; a template's own paths are replaced before it is uploaded. */
type WrittenAs = 'location' | 'url' | 'template';

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
  at: string[];
  /** As written. */
  path: string;
  as: WrittenAs;
}

/** The functions, layers and nested stacks of a template whose code or template is a path on this machine. */
export function findLocalCode({ document, resources }: TemplateFile): LocalCode[] {
  const localCode = (logicalId: string, at: string[], as: WrittenAs): LocalCode[] => {
    const path = stringAt(document, at);
    return path === undefined || /^(s3|https?):\/\//.test(path) ? [] : [{ logicalId, at, path, as }];
  };
  return [
    ...localCode('Globals', ['Globals', 'Function', 'CodeUri'], 'url'),
    ...resources.flatMap(({ logicalId, type }) => {
      const known = CODE_PROPERTIES[type];
      return known ? localCode(logicalId, ['Resources', logicalId, 'Properties', known.property], known.as) : [];
    }),
  ];
}
