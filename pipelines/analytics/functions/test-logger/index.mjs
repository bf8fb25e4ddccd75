// Writes one line to its log for each invocation:
//   { "message": "…" }  an analytics event with that message
//   { "plain": "…" }    the text as it is
//   { "json": { … } }   the value as JSON, as it is
//
// By process.stdout, not console.log: the Lambda runtime puts a time and a request id before what console.log writes, and a line that does
// not begin with "{" is not JSON to a subscription filter.

export const handler = async (event) => {
  const line = toLine(event);
  process.stdout.write(`${line}\n`);
  return { logged: line };
};

function toLine({ message, plain, json }) {
  if (typeof plain === 'string') return plain;
  if (json !== undefined) return JSON.stringify(json);
  if (message === undefined) throw new Error('the event must have "message", "plain" or "json"');
  return JSON.stringify({
    event_class: 'test',
    event_type: 'logged',
    event_time: new Date().toISOString(),
    message,
  });
}
