/** Any run's marker: letters and digits only, so that no escaping on the way changes it; a pipeline may write it in capitals. */
const ANY_MARKER = /pe2e[0-9a-z]{10}[ecd]\d+z/gi;

/** The markers in a text as they stand there, of any run, in small letters. */
export const plainMarkers = (text: string): string[] =>
  Array.from(text.matchAll(ANY_MARKER), ([whole]) => whole.toLowerCase());

/** The same text for any marker, for names that hold one. */
export const withoutMarkers = (text: string): string => text.replace(ANY_MARKER, '*');
