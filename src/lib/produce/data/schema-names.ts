/** The built-in kinds of data, the default first. Apart from the data itself, so that reading a command line does not load faker. */
export const SCHEMA_NAMES = ['transaction', 'clickstream', 'iot', 'xy', 'log-event'] as const;
