import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Document, isMap, LineCounter, parseDocument } from 'yaml';
import { UsageError } from '../shared/errors.js';
import { unfoldAliases } from './unfold-aliases.js';

/** A template on this machine. What CloudFormation makes of it is CloudFormation's to say; here only local paths and names matter. */
export interface TemplateFile {
  path: string;
  /** Relative paths in the template start here. */
  folder: string;
  /** As in the file, or, where that has YAML aliases, with them written out. */
  text: string;
  isJson: boolean;
  document: Document;
  /** Parameter names, in order, and whether each can be left out. */
  parameters: { name: string; hasDefault: boolean }[];
  resources: TemplateResource[];
}

/** A resource as the template declares it; what a `Fn::ForEach` repeats is declared once. */
export interface TemplateResource {
  logicalId: string;
  type: string;
  deletionPolicy: string | undefined;
  /** Where in the template it stands. */
  at: readonly (string | number)[];
}

/** @throws UsageError when the file is not there or is not YAML or JSON; the sentence names the line */
export async function readTemplateFile(path: string, cwd: string = process.cwd()): Promise<TemplateFile> {
  const absolute = resolve(cwd, path);
  let text: string;
  try {
    text = await readFile(absolute, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(code);
    throw new UsageError(`Cannot read the template ${path}: ${why}.`, { cause: error });
  }
  return { path, folder: dirname(absolute), ...parseTemplateText(text, path) };
}

/** The parts of a template's text that pipectl itself looks at. @throws UsageError with the line where it stops making sense */
export function parseTemplateText(text: string, name: string): Omit<TemplateFile, 'path' | 'folder'> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent' });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    const detail = error.message.split(/ at line \d+/)[0] ?? 'not well-formed';
    throw new UsageError(`${name}, line ${line}, column ${col}: ${detail}.`);
  }
  const isUnfolded = unfoldAliases(document, name);
  if (!isMap(document.contents) || !isMap(document.get('Resources'))) {
    throw new UsageError(`${name} is not a CloudFormation template: it has no Resources.`, {
      hint: 'Give the template file: pipectl deploy template.yaml --stack NAME',
    });
  }
  return {
    text: isUnfolded ? document.toString({ lineWidth: 0 }) : text,
    isJson: text.trimStart().startsWith('{'),
    document,
    parameters: keysAt(document, ['Parameters']).map((name_) => ({
      name: name_,
      hasDefault: document.hasIn(['Parameters', name_, 'Default']),
    })),
    resources: declaredResources(document, ['Resources']),
  };
}

function declaredResources(document: Document, at: readonly (string | number)[]): TemplateResource[] {
  return keysAt(document, at).flatMap((key) => {
    const here = [...at, key];
    if (key.startsWith('Fn::ForEach::')) return declaredResources(document, [...here, LOOP_FRAGMENT]);
    return {
      logicalId: key,
      type: String(document.getIn([...here, 'Type'])),
      deletionPolicy: stringAt(document, [...here, 'DeletionPolicy']),
      at: here,
    };
  });
}

/** What a loop repeats is the last of its three parts: identifier, collection, fragment. */
const LOOP_FRAGMENT = 2;

function keysAt(document: Document, path: readonly (string | number)[]): string[] {
  const found = document.getIn(path);
  return isMap(found) ? found.items.map(({ key }) => String((key as { value?: unknown })?.value ?? key)) : [];
}

/** The plain text at a path; undefined where there is none, or something else (a map, an intrinsic function). */
export function stringAt(document: Document, path: readonly (string | number)[]): string | undefined {
  const node = document.getIn(path, true) as { value?: unknown; tag?: string } | undefined;
  if (node === undefined || node === null || (node.tag?.startsWith('!') && !node.tag.startsWith('!!')))
    return undefined;
  return typeof node.value === 'string' ? node.value : undefined;
}
