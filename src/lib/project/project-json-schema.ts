import { z } from 'zod';
import { projectInput } from './project-schema.js';

/** The JSON schema of `pipectl.yaml`, for editors and for anything that checks the file without running pipectl. */
export function projectJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(projectInput, { io: 'input' });
  return {
    $schema,
    title: 'pipectl.yaml',
    description: 'What pipectl knows of a project: its target, its streams, and the checks of its pipelines.',
    ...schema,
  };
}
