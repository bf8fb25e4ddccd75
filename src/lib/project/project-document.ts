import { basename, relative } from 'node:path';
import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { UsageError } from '../shared/errors.js';
import { barePlaceholderError, findBarePlaceholder, hasUnquotedPlaceholder } from './placeholders.js';
import { CHECK_KEYS } from './project-schema.js';

interface Problem {
  line: number;
  column: number;
  /** `send.rate`, `hops[1]`; empty for the file as a whole. */
  field: string;
  message: string;
}

/** The text of a project file, to be judged part by part: each part adds its problems, and all of them are told at once. */
export interface ProjectDocument {
  /** A check at the top of the file, with the keys that are a check's. */
  check: Record<string, unknown> | undefined;
  /** Everything else. */
  settings: Record<string, unknown>;
  /** @returns undefined if the value is not what the schema wants; why is kept */
  judge<T>(schema: z.ZodType<T>, value: unknown): T | undefined;
  complain(path: readonly PropertyKey[], message: string): void;
  /** @throws UsageError with every problem, each with its line and field; does not return if there are any */
  requireSound(): void;
}

/**
 * Reads the text of a project file.
 * @param path where it came from, absolute; for messages
 * @throws UsageError if the text is no YAML that holds keys and values
 */
export function openProjectDocument(text: string, path: string): ProjectDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken) {
    const { line, col: column } = lines.linePos(broken.pos[0]);
    const several = broken.code === 'MULTIPLE_DOCS';
    const quotes = hasUnquotedPlaceholder(text.split('\n')[line - 1] ?? '')
      ? '; a text with {…} in it needs quotes here'
      : '';
    const message = several ? 'a project file is one YAML document; here a second one begins' : broken.message + quotes;
    throw problemsError(path, [{ line, column, field: '', message }]);
  }
  const data = toValue(document, path);
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw problemsError(path, [
      { line: 1, column: 1, field: '', message: 'the file must hold keys and values, as in "send:"' },
    ]);
  }
  const problems: Problem[] = [];
  return {
    ...split(data),
    judge(schema, value) {
      const judged = schema.safeParse(value, { error: wording });
      if (judged.success) return judged.data;
      const { issues } = judged.error;
      const strange = issues.filter(({ code }) => code === 'unrecognized_keys').map(placeOf);
      for (const issue of issues) {
        // What is missing beside a mistyped key is that key.
        if (issue.code === 'custom' && strange.includes(placeOf(issue))) continue;
        problems.push(locate(issue, document.contents, lines));
      }
      return undefined;
    },
    complain(at, message) {
      problems.push(locate({ path: [...at], message }, document.contents, lines));
    },
    requireSound() {
      if (problems.length > 0) throw problemsError(path, problems);
    },
  };
}

/** The document as plain values; an alias to nothing, or a heap of aliases that would never end, is found only here. */
function toValue(document: Document, path: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    throw problemsError(path, [{ line: 1, column: 1, field: '', message: (error as Error).message }]);
  }
}

/** A check may stand at the top of the file: its keys are judged apart from the others. */
function split(data: object): { check: Record<string, unknown> | undefined; settings: Record<string, unknown> } {
  const check: Record<string, unknown> = {};
  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data)) {
    if ((CHECK_KEYS as readonly string[]).includes(key)) check[key] = value;
    else settings[key] = value;
  }
  return { check: Object.keys(check).length > 0 ? check : undefined, settings };
}

/** zod's words for a wrong type, in ours. Everything else has its words beside the schema. */
function wording(issue: z.core.$ZodRawIssue): string | undefined {
  const given =
    issue.input === null ? 'nothing' : Array.isArray(issue.input) ? 'a list' : typeNames[typeof issue.input];
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined) return 'is missing';
    const bare = issue.expected === 'string' && findBarePlaceholder(issue.input);
    if (bare) return barePlaceholderError(bare);
    return `must be ${typeNames[issue.expected] ?? issue.expected}, not ${given}`;
  }
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.map((value) => `"${String(value)}"`).join(' or ')}`;
  if (issue.code === 'invalid_union') return `must not be ${given}`;
  return undefined;
}

const typeNames: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys and values',
  record: 'keys and values',
};

const placeOf = ({ path }: { path: readonly PropertyKey[] }): string => path.map(String).join('\n');

type Issue = Pick<z.core.$ZodIssue, 'path' | 'message'> & { code?: string; keys?: string[]; issues?: unknown };

function locate(issue: Issue, root: Node | null, lines: LineCounter): Problem {
  // An unknown key is wrong where it stands, not where its mapping begins; a bad key of a record explains itself inside.
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys?.[0] ?? ''] : [...issue.path];
  const inner = Array.isArray(issue.issues) ? (issue.issues[0] as { message?: string } | undefined) : undefined;
  const { line, col: column } = lines.linePos(offsetOf(path, root));
  const message = issue.code === 'invalid_key' && inner?.message ? inner.message : issue.message;
  return { line, column, field: fieldName(issue.code === 'unrecognized_keys' ? issue.path : issue.path), message };
}

/** Where the thing at `path` begins; of what is missing, where its parent does. */
function offsetOf(path: readonly PropertyKey[], root: Node | null): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const part of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
      );
      if (isScalar(pair?.key)) offset = pair.key.range?.[0] ?? offset;
      next = pair?.value;
    } else if (isSeq(node)) {
      next = node.items[Number(part)];
      if (isNode(next)) offset = next.range?.[0] ?? offset;
    }
    if (next === undefined) break;
    node = next;
  }
  return offset;
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );
}

function problemsError(path: string, problems: Problem[]): UsageError {
  const shown = relative('', path) || basename(path);
  const lines = problems
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .map(
      ({ line, column, field, message }) => `${shown}:${line}:${column}: ${field === '' ? '' : `${field}: `}${message}`,
    );
  return new UsageError(lines.join('\n'), {
    hint: 'Every key is described in docs/e2e.md; schema/pipectl.schema.json lets an editor check as you write.',
  });
}
