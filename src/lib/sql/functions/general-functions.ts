import { bindUnified } from '../plan/bind-unified.js';
import { compareBound } from '../plan/compare.js';
import { SqlError } from '../sql-error.js';
import type { ScalarFunction } from './scalar-function.js';

/** Functions of any type. */
export const GENERAL_FUNCTIONS: Record<string, ScalarFunction> = {
  COALESCE: {
    least: 1,
    most: Number.POSITIVE_INFINITY,
    families: ['any'],
    bind: (call) => {
      const { type, bounds } = bindUnified(call);
      return {
        type,
        evaluate: (row) => {
          for (const bound of bounds) {
            const value = bound.evaluate(row);
            if (value !== null) return value;
          }
          return null;
        },
      };
    },
  },
  NULLIF: {
    least: 2,
    most: 2,
    families: ['any'],
    bind: ({ values: [left, right], at, name }) => {
      if (!left || !right) throw new SqlError(`${name} takes 2 arguments.`, at);
      const equal = compareBound('=', left, right, at);
      return { type: left.type, evaluate: (row) => (equal(row) === true ? null : left.evaluate(row)) };
    },
  },
};
