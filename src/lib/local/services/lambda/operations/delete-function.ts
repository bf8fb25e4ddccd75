import { defineOperation } from '../../../define-operation.js';

import { functionArn, parseFunctionName } from '../function-name.js';
import { conflict, functionNotFound, invalidParameter } from '../lambda-error.js';
import { findFunction, type LambdaStore } from '../lambda-store.js';

export const deleteFunction = defineOperation('lambda', 'DeleteFunction').as({
  run(store: LambdaStore, input, context) {
    const { name, qualifier } = parseFunctionName(input.FunctionName, context, input.Qualifier);
    const found = findFunction(store, input.FunctionName, context);
    const arn = functionArn(context, name);
    if (qualifier === undefined) {
      store.regions.in(context.region).functions.delete(name);
      store.retire(arn);
      return { StatusCode: 204 };
    }
    if (qualifier === '$LATEST') {
      throw invalidParameter('$LATEST version cannot be deleted without deleting the function.');
    }
    if (found.aliases.has(qualifier))
      throw invalidParameter('Deletion of aliases is not supported by DeleteFunction; call DeleteAlias.');
    if (!found.published.some(({ version }) => version === qualifier)) throw functionNotFound(`${arn}:${qualifier}`);
    const users = [...found.aliases.values()].filter(
      (alias) => alias.version === qualifier || qualifier in alias.weights,
    );
    if (users.length > 0) {
      throw conflict(
        `Version "${qualifier}" of function "${name}" cannot be deleted because the following aliases reference it: ${users.map((alias) => alias.name).join(', ')}`,
      );
    }
    found.provisioned.delete(qualifier);
    found.published = found.published.filter(({ version }) => version !== qualifier);
    store.retire(arn, qualifier);
    return { StatusCode: 204 };
  },
});
