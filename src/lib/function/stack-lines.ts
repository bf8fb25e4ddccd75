/** A stack's frames: Node's begins with the error's message once more, all lines of it; Python's does not. */
export function withoutHead(stack: readonly string[], head: string): readonly string[] {
  const lines = head.split('\n');
  return lines.every((line, index) => stack[index] === line) ? stack.slice(lines.length) : stack;
}
