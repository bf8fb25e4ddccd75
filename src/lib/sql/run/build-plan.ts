import type { PlanNode } from '../plan/plan-node.js';
import type { Row } from '../types/sql-type.js';
import { AnomalyOperator } from './anomaly-operator.js';
import { GroupOperator } from './group-operator.js';
import { DistinctOperator, SortOperator } from './held-rows.js';
import { JoinOperator } from './join-operator.js';
import type { Guard, Operator, RowSink } from './operator.js';
import { lookup, type ReferenceTable } from './reference-table.js';
import { SlideOperator } from './slide-operator.js';
import type { StateBudget } from './state-budget.js';
import { TopItemsOperator } from './top-items-operator.js';

export interface BuildContext {
  readonly budget: StateBudget;
  readonly guard: Guard;
  readonly references: ReadonlyMap<string, ReferenceTable>;
  /** Delivers the rows of a stream to the plan. */
  subscribe(stream: string, sink: RowSink): void;
  /** Operators that remember something, those nearest to the result first. */
  readonly operators: Operator[];
}

/** Makes a plan run: its rows go to `out`. */
export function buildPlan(node: PlanNode, out: RowSink, context: BuildContext): void {
  const { budget, guard, operators } = context;
  const added = <Kind extends Operator>(operator: Kind): Kind => {
    operators.push(operator);
    return operator;
  };
  switch (node.kind) {
    case 'scan':
      context.subscribe(node.stream, out);
      return;
    case 'filter': {
      const { condition } = node;
      buildPlan(node.input, (row) => condition.evaluate(row) === true && out(row), context);
      return;
    }
    case 'project':
      buildPlan(node.input, projection(node.items, out), context);
      return;
    case 'union':
      for (const input of node.inputs) buildPlan(input, out, context);
      return;
    case 'window-rows':
      buildPlan(node.input, windowRows(node, out, guard), context);
      return;
    case 'aggregate': {
      const operator = added(new GroupOperator(node, out, budget, guard));
      buildPlan(node.input, (row) => operator.push(row), context);
      return;
    }
    case 'slide': {
      const operator = added(new SlideOperator(node, out, budget, guard));
      buildPlan(node.input, (row) => operator.push(row), context);
      return;
    }
    case 'join': {
      const operator = added(new JoinOperator(node, out, budget, guard));
      buildPlan(node.left.input, (row) => operator.push('left', row), context);
      buildPlan(node.right.input, (row) => operator.push('right', row), context);
      return;
    }
    case 'lookup': {
      const table = context.references.get(node.table);
      if (!table) throw new Error(`no reference table ${node.table}`);
      buildPlan(node.input, lookup(node, table, out, guard), context);
      return;
    }
    case 'distinct': {
      const operator = added(new DistinctOperator(node, out, budget));
      buildPlan(node.input, (row) => operator.push(row), context);
      return;
    }
    case 'sort': {
      const operator = added(new SortOperator(node, out, budget, guard));
      buildPlan(node.input, (row) => operator.push(row), context);
      return;
    }
    case 'anomaly': {
      const operator = added(new AnomalyOperator(node, out, budget, guard));
      buildPlan(node.input, (row) => operator.push(row), context);
      return;
    }
    case 'top-items': {
      const operator = added(new TopItemsOperator(node, out, budget, guard));
      buildPlan(node.input, (row) => operator.push(row), context);
      return;
    }
  }
}

function projection(items: Extract<PlanNode, { kind: 'project' }>['items'], out: RowSink): RowSink {
  const count = items.length;
  return (row) => {
    const projected: Row = new Array(count + 1);
    projected[0] = row[0] ?? null;
    for (let index = 0; index < count; index += 1) projected[index + 1] = items[index]?.evaluate(row) ?? null;
    out(projected);
  };
}

function windowRows(node: Extract<PlanNode, { kind: 'window-rows' }>, out: RowSink, guard: Guard): RowSink {
  return (row) => {
    for (const [start, end] of node.windowsOf(Number(row[0]))) {
      const extended = row.slice(0, node.width);
      while (extended.length < node.width) extended.push(null);
      extended.push(start, end, end - 1);
      guard(() => out(extended), row);
    }
  };
}
