import { defineResourceType, deleteIfThere } from '../resource-type.js';
import type { IAMInstanceProfileProperties } from '../schema/resource-properties.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-instanceprofile.html */
export const iamInstanceProfile = defineResourceType<IAMInstanceProfileProperties>({
  type: 'AWS::IAM::InstanceProfile',
  effective: ['InstanceProfileName', 'Path', 'Roles'],
  nameProperty: 'InstanceProfileName',
  capability: 'CAPABILITY_IAM',

  async create(request) {
    const { calls, properties } = request;
    const name = properties.InstanceProfileName ?? request.generateName({ maxLength: 128 });
    const { InstanceProfile: made } = await calls.iam.CreateInstanceProfile({
      InstanceProfileName: name,
      Path: properties.Path,
    });
    request.initiated(name);
    for (const RoleName of properties.Roles)
      await calls.iam.AddRoleToInstanceProfile({ InstanceProfileName: name, RoleName });
    return { physicalId: name, attributes: { Arn: made?.Arn } };
  },

  async update({ calls, physicalId: name, previous, properties }) {
    // The old role first: a profile holds one.
    for (const RoleName of previous.Roles.filter((role) => !properties.Roles.includes(role)))
      await deleteIfThere(() => calls.iam.RemoveRoleFromInstanceProfile({ InstanceProfileName: name, RoleName }));
    for (const RoleName of properties.Roles.filter((role) => !previous.Roles.includes(role)))
      await calls.iam.AddRoleToInstanceProfile({ InstanceProfileName: name, RoleName });
    const { InstanceProfile: found } = await calls.iam.GetInstanceProfile({ InstanceProfileName: name });
    return { physicalId: name, attributes: { Arn: found?.Arn } };
  },

  async delete({ calls, physicalId: name, properties }) {
    for (const RoleName of properties.Roles)
      await deleteIfThere(() => calls.iam.RemoveRoleFromInstanceProfile({ InstanceProfileName: name, RoleName }));
    await deleteIfThere(() => calls.iam.DeleteInstanceProfile({ InstanceProfileName: name }));
  },
});
