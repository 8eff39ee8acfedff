import { AwsError } from './aws-error.ts';

/**
 * Returns the index of the step that GetCommandInvocation asks for. Without a name it is the only step, if there is
 * only one. Throws InvalidPluginName, as AWS does, for a name that no step has, and for no name if there are several
 * steps (boto/boto3#1811, awslabs/amazon-eks-ami#541).
 */
export function chooseStep(names: readonly (string | undefined)[], wanted: string | undefined): number {
  const index = wanted === undefined && names.length === 1 ? 0 : names.indexOf(wanted ?? '');
  if (index < 0) throw new AwsError('InvalidPluginName');
  return index;
}
