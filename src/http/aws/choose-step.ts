import { AwsError } from './aws-error.ts';

/**
 * The index of the step that GetCommandInvocation means. Without a name it is the only one there is; a name that no step
 * has, or no name for a document of several steps, is InvalidPluginName, as the service answers
 * (boto/boto3#1811, awslabs/amazon-eks-ami#541).
 */
export function chooseStep(names: readonly (string | undefined)[], wanted: string | undefined): number {
  const index = wanted === undefined && names.length === 1 ? 0 : names.indexOf(wanted ?? '');
  if (index < 0) throw new AwsError('InvalidPluginName');
  return index;
}
