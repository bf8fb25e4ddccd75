// Mapping templates: velocityjs, parsed once for each text, over objects without prototypes, bounded in steps, time and size.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
import { Compile, parse } from 'velocityjs';
import { AwsError } from '../../../wire/aws-error.js';
import { javaMethod } from './java-methods.js';
import { javaText } from './java-text.js';

const MOST_STEPS = 100_000;
const MOST_MS = 1_000;
const MOST_CHARACTERS = 10 * 1024 * 1024;
/** AWS's own bound of a loop. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const MOST_ITERATIONS = 1_000;
const MOST_TEMPLATES = 500;

const parsed = new Map<string, ReturnType<typeof parse>>();

/** @throws AwsError for a template that does not parse, or does not end */
export function renderTemplate(text: string, context: Record<string, unknown>): string {
  // Each render has a context of its own, because `#set` writes into it.
  try {
    return new BoundedTemplate(parseOnce(text), METHODS).render(context);
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw failed(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

function parseOnce(text: string): ReturnType<typeof parse> {
  let asts = parsed.get(text);
  if (asts === undefined) {
    if (parsed.size >= MOST_TEMPLATES) parsed.clear();
    parsed.set(text, (asts = parse(text)));
  }
  return asts;
}

const failed = (why: string): AwsError => new AwsError('MappingTemplateFailed', `a mapping template failed: ${why}`);

/** What templates may call: Java's methods of texts, lists and maps, and the functions that the context itself has. */
const METHODS = {
  customMethodHandlers: [
    {
      uid: 'java',
      match: ({ property, context }: { property: string; context: unknown }) =>
        !(typeof context === 'object' && context !== null && isOwnFunction(context, property)),
      resolve: ({ property, context, params }: { property: string; context: unknown; params: unknown[] }) =>
        bounded(javaMethod(context, property, params)),
    },
  ],
  valueMapper: (value: unknown) => bounded(value),
};

const isOwnFunction = (context: object, name: string): boolean =>
  Object.hasOwn(context, name) && typeof (context as Record<string, unknown>)[name] === 'function';

function bounded(value: unknown): unknown {
  if (typeof value === 'string' && value.length > MOST_CHARACTERS) throw failed('a text is over 10 MiB');
  return value;
}

class BoundedTemplate extends Compile {
  #steps = 0;
  readonly #endMs = performance.now() + MOST_MS;
  #characters = 0;
  #depth = 0;

  override renderAstList(...given: Parameters<Compile['renderAstList']>): string {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS || (this.#steps % 64 === 0 && performance.now() > this.#endMs)) {
      throw failed('it takes too many steps');
    }
    this.#depth += 1;
    if (this.#depth > 200) throw failed('it nests too deep');
    const text = super.renderAstList(...given);
    this.#depth -= 1;
    this.#characters += text.length;
    if (this.#characters > 4 * MOST_CHARACTERS) throw failed('it makes over 10 MiB');
    return text;
  }

  protected override getReferences(...given: Parameters<Compile['getReferences']>): string {
    const value: unknown = super.getReferences(...given);
    // Printed: as Java prints maps and lists. velocityjs asks a value's prototype, and ours have none.
    return (given[1] === true && typeof value === 'object' ? javaText(value) : value) as string;
  }

  protected override getExpression(...given: Parameters<Compile['getExpression']>): string {
    return bounded(super.getExpression(...given)) as string;
  }

  /** A range (`[1..5]`), or a list; mixed in by velocityjs, and not in its types. */
  protected getArray(literal: { isRange?: boolean; value: unknown[] }): unknown[] {
    if (literal.isRange !== true) return literal.value.map((item) => this.getLiteral(item as never));
    const [begin = Number.NaN, end = Number.NaN] = literal.value.map((item) =>
      typeof item === 'object' ? Number(this.getReferences(item as never)) : Number(item),
    );
    const span = Math.abs(end - begin);
    if (Number.isNaN(span)) return [];
    if (span >= MOST_ITERATIONS) throw failed(`a range has over ${MOST_ITERATIONS} items`);
    return Array.from({ length: span + 1 }, (_, index) => (begin < end ? begin + index : begin - index));
  }
}
