const ESCAPE = '\u001b';
/** What follows ESC where it sets a colour or a weight (SGR): a terminal forgets these again. Others move, clear, rename, or answer in the user's name. */
const SGR = /^\[[\d;:]*m/;
/** Control characters (C1 too: a terminal reads U+009B as ESC [) but tab and line feed, and what turns the direction of writing around. */
const UNSAFE = /\r\n|(?![\t\n])[\p{Cc}\p{Bidi_Control}]/gu;
const LONGEST_SGR = 32;

/**
 * Text that came from elsewhere (a record, a function's log, a service's error), for a terminal: what would act on the terminal becomes
 * visible, as JSON would write it (`\u001b[2J`). Tabs, line breaks and, where `colors` is set, colours stay.
 */
export function printableText(text: string, { colors = false }: { colors?: boolean } = {}): string {
  let painted = false;
  const shown = text.replace(UNSAFE, (char, at: number) => {
    if (char === '\r\n') return '\n';
    if (colors && char === ESCAPE && SGR.test(text.slice(at + 1, at + LONGEST_SGR))) {
      painted = true;
      return char;
    }
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return painted ? `${shown}${ESCAPE}[0m` : shown;
}
