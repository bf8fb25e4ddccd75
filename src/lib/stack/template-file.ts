import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as yaml from 'yaml';
import { type Document, isMap, LineCounter, type ScalarTag, type Tags } from 'yaml';
import { UsageError } from '../shared/errors.js';
import { parseYamlDocument } from '../shared/parse-yaml-document.js';
import { unfoldAliases } from './unfold-aliases.js';

/** A template on this machine. What CloudFormation makes of it is CloudFormation's to say; here only local paths and names matter. */
export interface TemplateFile {
  path: string;
  /** Relative paths in the template start here. */
  folder: string;
  /** As in the file, or, where that has YAML aliases, with them written out. */
  text: string;
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
  const document = parseYamlDocument(yaml, text, { lineCounter: lines, logLevel: 'silent', customTags: asWritten });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    const detail = error.message.split(/ at line \d+/)[0] ?? 'not well-formed';
    throw new UsageError(`${name}, line ${line}, column ${col}: ${detail}.`);
  }
  if (unfoldAliases(document, name)) return parseTemplateText(document.toString({ lineWidth: 0 }), name);
  if (!isMap(document.contents) || !isMap(document.get('Resources'))) {
    throw new UsageError(`${name} is not a CloudFormation template: it has no Resources.`, {
      hint: 'Give the template file: pipectl deploy template.yaml --stack NAME',
    });
  }
  return {
    text,
    document,
    parameters: keysAt(document, ['Parameters']).map((name_) => ({
      name: name_,
      hasDefault: document.hasIn(['Parameters', name_, 'Default']),
    })),
    resources: declaredResources(document, ['Resources']),
  };
}

/** Numbers are printed as the file has them: 0300, 1e3 and account ids longer than a double holds mean something to CloudFormation. */
const asWritten = (tags: Tags): Tags =>
  tags.map((tag) =>
    typeof tag === 'object' && /:(int|float)$/.test(tag.tag)
      ? ({ ...tag, stringify: (node) => node.source ?? String(node.value) } as ScalarTag)
      : tag,
  );

/**
 * The template's text with other values at some places, each written as JSON, which YAML reads too. Every other byte stays.
 * @param values by the place of a value that the document has
 */
export function replaceValues(
  { text, document }: TemplateFile,
  values: readonly { at: readonly (string | number)[]; value: unknown }[],
): string {
  const edits = values.flatMap(({ at, value }) => {
    const { range } = document.getIn(at, true) as yaml.Node;
    return range ? [{ from: range[0], to: range[1], value: JSON.stringify(value) }] : [];
  });
  return edits
    .sort((one, other) => other.from - one.from)
    .reduce((edited, { from, to, value }) => {
      const end = edited.slice(from, to).endsWith('\n') ? '\n' : ''; // a block scalar ends with its line
      return edited.slice(0, from) + value + end + edited.slice(to);
    }, text);
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
