import { AwsError } from './aws-error.ts';

/**
 * Returns the index of the step that GetCommandInvocation asks for. If a command has only one step, the step's name may
 * be left out. Throws InvalidPluginName, as AWS does, if no step has the name, or if the name is left out and there are
 * several steps (boto/boto3#1811, awslabs/amazon-eks-ami#541).
 */
export function chooseStep(names: readonly (string | undefined)[], wanted: string | undefined): number {
  const index = wanted === undefined && names.length === 1 ? 0 : names.indexOf(wanted ?? '');
  if (index < 0) throw new AwsError('InvalidPluginName');
  return index;
}
