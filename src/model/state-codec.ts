import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** The dictionary that this version uses to compress, by its id in `state_dictionaries`. */
export const CURRENT_DICTIONARY_ID = 1;

/**
 * Compresses the canonical JSON of states that are stored together, one per line, as raw DEFLATE (RFC 1951) with a
 * preset dictionary. JSON has no raw line feed, so each line is one state. Compressed together, states take an eighth
 * of their size. A single state is made smaller mostly by the dictionary.
 */
export function encodeStates(stateJsons: readonly string[], dictionary: Buffer): Buffer {
  // States are encoded one by one: in a joined text, one character beyond Latin-1 would make V8 encode all of it three
  // times slower.
  const lines = stateJsons.map((stateJson, n) => Buffer.from(n === 0 ? stateJson : `\n${stateJson}`));
  return deflateRawSync(Buffer.concat(lines), { level: 3, dictionary });
}

/**
 * Returns the states that encodeStates received, byte for byte. Throws zlib's error for bytes that encodeStates did not
 * return.
 */
export function decodeStates(states: Buffer, dictionary: Buffer): string[] {
  return inflateRawSync(states, { dictionary }).toString('utf8').split('\n');
}

/**
 * Text that states have in common. The most frequent text is last, where DEFLATE's references cost least. The archive
 * file holds a copy, so anyone can read the states with zlib alone. Never edit a released dictionary: add another one
 * with a new id.
 */
export function currentDictionary(): Buffer {
  return Buffer.from(
    [
      ',"ExpiresAfter":,"ServiceRole":"arn:aws:iam::role/","NotificationConfig":{"NotificationArn":"arn:aws:sns:","NotificationEvents":["All","Failed","TimedOut","Cancelled","InProgress"],"NotificationType":"Invocation"}',
      '"Status":"TimedOut","StatusDetails":"DeliveryTimedOut""StatusDetails":"ExecutionTimedOut""Status":"Cancelled","StatusDetails":"Cancelled""Undeliverable""Terminated""AccessDenied""InvalidPlatform""Delayed""Pending","StatusDetails":"Pending""InProgress","StatusDetails":"InProgress"',
      '"Name":"runPowerShellScript""Name":"aws:runShellScript""Name":"aws:runPowerShellScript""Name":"PatchWindows""Name":"PatchMacOS""Name":"PatchLinux""Name":"updateSSMAgent""Name":"collectSoftwareInventoryItems""Name":"configurePackage""Name":"runShellScript"',
      '"DocumentName":"AWS-RunPowerShellScript""DocumentName":"AWS-UpdateSSMAgent""DocumentName":"AWS-GatherSoftwareInventory""DocumentName":"AWS-ConfigureAWSPackage""DocumentName":"AWS-RunPatchBaseline""DocumentName":"AWS-RunShellScript"',
      '.compute.internal","https://s3..amazonaws.com/awsrunShellScript/0.awsrunShellScript/stdoutstderr"',
      '"ResponseFinishDateTime":-62135596800,"ResponseStartDateTime":-62135596800,"ResponseCode":-1,"ResponseCode":1,',
      '{"CloudWatchOutputConfig":{"CloudWatchLogGroupName":"","CloudWatchOutputEnabled":false},"CommandId":"","CommandPlugins":[{"Name":"","Output":{"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},"OutputS3BucketName":"","OutputS3KeyPrefix":"","OutputS3Region":"","ResponseCode":0,"ResponseFinishDateTime":17,"ResponseStartDateTime":17,"StandardErrorUrl":"","StandardOutputUrl":"","Status":"Success","StatusDetails":"Success"},{"Name":"runShellScript","Output":{"sha256":"',
      '"},"OutputS3BucketName":"","OutputS3KeyPrefix":"","OutputS3Region":"","ResponseCode":0,"ResponseFinishDateTime":17,"ResponseStartDateTime":17,"StandardErrorUrl":"","StandardOutputUrl":"","Status":"Success","StatusDetails":"Success"}],"Comment":"","DocumentName":"AWS-RunShellScript","DocumentVersion":"$DEFAULT","DocumentVersion":"","InstanceId":"i-0","InstanceName":"","NotificationConfig":{"NotificationArn":"","NotificationEvents":[],"NotificationType":""},"RequestedDateTime":17,"ServiceRole":"","StandardErrorUrl":"","StandardOutputUrl":"","Status":"Success","StatusDetails":"Success","TraceOutput":""}',
    ].join(''),
  );
}
