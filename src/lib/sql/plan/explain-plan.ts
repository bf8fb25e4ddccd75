import { writeType } from '../types/sql-type.js';
import type { ApplicationPlan } from './plan-application.js';
import type { GroupWindow, PlanNode } from './plan-node.js';

/** An application's plan as lines: each pump, and below it what it does, the last step first. */
export function explainPlan({ pumps }: ApplicationPlan): string[] {
  return pumps.flatMap(({ name, into, node }) => [`pump "${name}" into "${into}"`, ...explain(node, 1)]);
}

function explain(node: PlanNode, depth: number): string[] {
  const line = (text: string, ...inputs: readonly PlanNode[]): string[] => [
    `${'  '.repeat(depth)}${text}`,
    ...inputs.flatMap((input) => explain(input, depth + 1)),
  ];
  switch (node.kind) {
    case 'scan':
      return line(`read "${node.stream}"`);
    case 'filter':
      return line('filter', node.input);
    case 'project':
      return line(
        `select ${node.columns.map(({ name, type }) => `"${name}" ${writeType(type)}`).join(', ')}`,
        node.input,
      );
    case 'aggregate':
      return line(
        `group by ${node.keys.length} keys, ${node.aggregates.map(({ name }) => name).join(', ') || 'no aggregate'}, ${explainWindow(node.window)}`,
        node.input,
      );
    case 'slide':
      return line(
        `slide ${node.windows.map(({ frame, aggregates }) => `${aggregates.map(({ name }) => name).join(', ')} over ${explainFrame(frame)}`).join('; ')}`,
        node.input,
      );
    case 'join':
      return line(
        `${node.join.toLowerCase()} join on ${node.left.keys.length} keys`,
        node.left.input,
        node.right.input,
      );
    case 'lookup':
      return line(`look up in reference table "${node.table}" by ${node.keys.length} keys`, node.input);
    case 'window-rows':
      return line('assign windows', node.input);
    case 'distinct':
      return line('distinct within a window', node.input);
    case 'sort':
      return line(`sort a window by ${node.keys.length} keys`, node.input);
    case 'union':
      return line('union all', ...node.inputs);
    case 'top-items':
      return line(
        node.count === undefined
          ? `count distinct items, window ${node.windowMs} ms`
          : `top ${node.count} items, window ${node.windowMs} ms`,
        node.input,
      );
    case 'anomaly':
      return line(`random cut forest, ${node.options.trees} trees`, node.input);
  }
}

function explainWindow(window: GroupWindow): string {
  if (window.kind === 'tumbling') return `tumbling window of ${window.endOf(0)} ms`;
  if (window.kind === 'stagger') return `stagger window of ${window.rangeMs} ms`;
  if (window.kind === 'monotonic') return 'until a larger value';
  return window.kind === 'session' ? `session window, gap ${window.gapMs} ms` : 'window of the table function';
}

function explainFrame(frame: Extract<PlanNode, { kind: 'slide' }>['windows'][number]['frame']): string {
  if (frame.kind === 'range') return `the last ${frame.ms} ms`;
  return frame.kind === 'rows' ? `${frame.preceding} rows before and the current row` : 'all rows before';
}
