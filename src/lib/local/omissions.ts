import type { Service } from './define-service.js';
import { WIRE_GAPS } from './wire/gaps.js';
import { catalog, loadService } from './wire/service-model.js';

/** Of a service that has nearly everything, the missing operations are named; of any other, those that are here. */
const FEW = 12;

/** OMISSIONS.md, from what services and operations say that they leave out. */
export function omissions(services: readonly Service[]): string {
  const sections = services.flatMap((service) => [
    section(service.title, [...service.gaps, ...gapsOfOperations(service), ...operationsOf(service)]),
    ...Object.entries(service.gapsOf).map(([title, gaps]) => section(title, gaps)),
  ]);
  return `${HEAD}\n${[section('All services', WIRE_GAPS), ...sections].join('\n')}`;
}

const HEAD = `# What the local endpoint leaves out

Each service’s deliberate gaps, and what happens instead. An operation that is not implemented answers 501 and names itself.
<!-- Written by \`npm run omissions\` from the gaps beside each service and operation; do not edit it here. -->
`;

const section = (title: string, gaps: readonly string[]): string =>
  `## ${title}\n\n${gaps.map((gap) => `- ${gap}\n`).join('')}`;

function gapsOfOperations({ operations }: Service): string[] {
  return operations.flatMap(({ name, gaps, notHere }) => [
    ...gaps.map((gap) => `**${name}**: ${gap}`),
    ...(notHere.length > 0 ? [`**${name}** refuses by name: ${notHere.map(code).join(', ')}.`] : []),
  ]);
}

function operationsOf({ id, operations }: Service): string[] {
  const row = catalog.find((candidate) => candidate.id === id);
  if (!row || operations.length === 0) return [];
  const here = new Set(operations.map(({ name }) => name));
  const missing = [...loadService(row).operations.keys()].filter((name) => !here.has(name)).sort();
  if (missing.length === 0) return [];
  if (missing.length <= FEW) return [`**Operations that answer 501**: ${missing.join(', ')}.`];
  return [`**Operations that are here**: ${[...here].sort().join(', ')}. The other ${missing.length} answer 501.`];
}

const code = (text: string): string => `\`${text}\``;
