import type * as Yaml from 'yaml';

/** The two members of yaml's lexer that decide where a quoted scalar ends; its types keep them private. */
interface QuoteLexer {
  indentNext: number;
  parseQuotedScalar(): Generator<string, unknown, undefined>;
}

/**
 * Reads one YAML document as `yaml.parseDocument` does, and also accepts quoted scalars whose further lines are not indented deeper than
 * their key. YAML 1.2 forbids those; PyYAML, and so the AWS CLI and CloudFormation, read them.
 * @param yaml the module, which some callers load on demand
 * @returns the document; what is wrong with the text is in its `errors`
 */
export function parseYamlDocument(
  yaml: Pick<typeof Yaml, 'Parser' | 'Composer' | 'YAMLParseError' | 'parseDocument'>,
  text: string,
  options: Yaml.ParseOptions & Yaml.DocumentOptions & Yaml.SchemaOptions = {},
): Yaml.Document {
  const parser = new yaml.Parser(options.lineCounter?.addNewLine);
  endQuotesAtTheQuote((parser as unknown as { lexer: QuoteLexer }).lexer);
  const [document, second] = new yaml.Composer(options).compose(parser.parse(text), true, text.length);
  if (!document) return yaml.parseDocument(text, options);
  if (second && options.logLevel !== 'silent') {
    const [from, to] = second.range;
    document.errors.push(new yaml.YAMLParseError([from, to], 'MULTIPLE_DOCS', 'Source contains multiple documents'));
  }
  return document;
}

function endQuotesAtTheQuote(lexer: QuoteLexer): void {
  const parseQuotedScalar = lexer.parseQuotedScalar.bind(lexer);
  lexer.parseQuotedScalar = function* () {
    const { indentNext } = lexer;
    lexer.indentNext = 0; // no line of the scalar is too shallow
    const next = yield* parseQuotedScalar();
    lexer.indentNext = indentNext;
    return next;
  };
}
