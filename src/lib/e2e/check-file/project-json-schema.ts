import { z } from 'zod';
import { settingsShape } from '../../project/project-schema.js';
import { strict } from '../../project/schema-parts.js';
import { checkSchema, checkShape } from './check-schema.js';

/** The file as it is written. The loader checks its two halves apart. */
const projectInput = strict(
  {
    ...settingsShape(checkSchema),
    deploy: checkShape.deploy.optional(),
    recorders: checkShape.recorders.optional(),
    send: checkShape.send.optional(),
    decoys: checkShape.decoys.optional(),
    hops: checkShape.hops.optional(),
    expect: checkShape.expect.optional(),
  },
  'pipectl.yaml',
);

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
