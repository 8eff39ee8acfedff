/** A step whose output the listing shows only in part, and what its command says about where the whole is. */
export interface CutStep {
  invocationId: number;
  position: number;
  name: string | null;
  /** How many steps of the invocation have the same name: GetCommandInvocation tells them apart by nothing else. */
  namesakes: number;
  commandId: string;
  instanceId: string;
  requestedAt: string;
  documentName: string | null;
  status: string | null;
  statusDetails: string | null;
  bucket: string | null;
  /** Addresses of the objects. They are data: only the key is taken from them. */
  standardOutputUrl: string | null;
  standardErrorUrl: string | null;
  logGroup: string | null;
  isLogging: number | null;
}

/** The columns of a CutStep, with `invocations` as i and `plugins` as p. */
export const CUT_STEP = `i.id AS invocationId, p.position, p.name,
  (SELECT count(*) FROM main.plugins n WHERE n.invocation_id = i.id AND n.name IS p.name) AS namesakes,
  i.command_id AS commandId, i.instance_id AS instanceId, coalesce(i.requested_at, i.first_seen_at) AS requestedAt,
  i.document_name AS documentName, i.status, i.status_details AS statusDetails, p.output_s3_bucket_name AS bucket,
  p.standard_output_url AS standardOutputUrl, p.standard_error_url AS standardErrorUrl,
  i.cloudwatch_log_group AS logGroup, i.is_cloudwatch_output_enabled AS isLogging`;
