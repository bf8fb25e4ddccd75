import { stringAt, type TemplateFile } from './template-file.js';

/** Where a template may name a local folder or file, by resource type, and how the uploaded object is written in its place. */
const CODE_PROPERTIES: Readonly<Record<string, { property: string; as: 'location' | 'url' }>> = {
  'AWS::Lambda::Function': { property: 'Code', as: 'location' },
  'AWS::Lambda::LayerVersion': { property: 'Content', as: 'location' },
  'AWS::Serverless::Function': { property: 'CodeUri', as: 'url' },
  'AWS::Serverless::LayerVersion': { property: 'ContentUri', as: 'url' },
};

export interface LocalCode {
  logicalId: string;
  /** Where in the template the path stands. */
  at: string[];
  /** As written. */
  path: string;
  as: 'location' | 'url';
}

/** The functions and layers of a template whose code is a path on this machine. */
export function findLocalCode({ document, resources }: TemplateFile): LocalCode[] {
  return resources.flatMap(({ logicalId, type }) => {
    const known = CODE_PROPERTIES[type];
    if (!known) return [];
    const at = ['Resources', logicalId, 'Properties', known.property];
    const path = stringAt(document, at);
    if (path === undefined || /^(s3|https?):\/\//.test(path)) return [];
    return [{ logicalId, at, path, as: known.as }];
  });
}
