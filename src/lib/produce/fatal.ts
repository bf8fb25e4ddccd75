/** Why a run ended before its time: an error that no attempt mends. */
export interface Fatal {
  code: string;
  message: string;
}

/** The code of a run that ended because nobody answered. */
export const NO_ANSWER = 'NoAnswer';
